-- The requests that wrk sends. Without arguments, it requests the URL on the command line. With refresh tokens as
-- arguments, one more than there are connections, each request presents one of them or a token from an earlier
-- response. No token is presented twice.
local tokens = {}

function init(args)
  if #args == 0 then
    return
  end
  tokens = { unpack(args) }
  local headers = { ["Content-Type"] = "application/json" }
  request = function()
    return wrk.format("POST", nil, headers, '{"refresh_token":"' .. table.remove(tokens) .. '"}')
  end
  response = function(_, _, body)
    tokens[#tokens + 1] = body:match('"refresh_token":"([^"]+)"')
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("figures: %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status, failed))
end
