-- What the scripts share that revoke.

-- The fields of a family: its record, and those of its device.
local function fields_of(sid)
  return sid, sid .. '0', sid .. '1', sid .. '2', sid .. '3', sid .. 'l', sid .. 'i'
end

-- Adds an entry to the stream, and drops from it what no access token can be concerned by any more. A
-- process that asks for less retention than another does not shorten it. 0 is for: there is no feed.
local function publish(stream, retention, ...)
  retention = tonumber(retention)
  if retention == 0 then
    return
  end
  local time = redis.call('TIME')
  local longest = math.max(retention, redis.call('PTTL', stream))
  redis.call('XADD', stream, 'MINID', '~', string.format('%.0f', time[1] * 1000 - longest), '*', ...)
  redis.call('PEXPIRE', stream, retention, 'NX')
  redis.call('PEXPIRE', stream, retention, 'GT')
end

