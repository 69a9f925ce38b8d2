-- What the scripts share that revoke.

-- The fields of a family: its record, and the pieces of its user agent.
local function fields_of(sid)
  return sid, sid .. '0', sid .. '1', sid .. '2', sid .. '3'
end

-- Adds an entry to the stream, and drops from it what no access token can be concerned by any more.
local function publish(stream, retention, ...)
  local time = redis.call('TIME')
  local oldest = string.format('%.0f', time[1] * 1000 - tonumber(retention))
  redis.call('XADD', stream, 'MINID', '~', oldest, '*', ...)
  redis.call('PEXPIRE', stream, retention)
end

