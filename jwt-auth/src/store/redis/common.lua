-- What the scripts share that revoke.

-- The fields of a family: its record, and those of its device.
local function fields_of(sid)
  return sid, sid .. '0', sid .. '1', sid .. '2', sid .. '3', sid .. 'l', sid .. 'i'
end

-- Puts an entry on the stream, and drops from that what no access token can be concerned by any more; and
-- tells all who listen. A process that asks for less retention than another does not shorten it. 0 is for:
-- there is no feed. Whoever may not write to the channel hears a little later.
local function publish(stream, channel, retention, entry)
  retention = tonumber(retention)
  if retention == 0 then
    return
  end
  local time = redis.call('TIME')
  local longest = math.max(retention, redis.call('PTTL', stream))
  redis.call('XADD', stream, 'MINID', '~', string.format('%.0f', time[1] * 1000 - longest), '*', 'r', entry)
  redis.call('PEXPIRE', stream, retention, 'NX')
  redis.call('PEXPIRE', stream, retention, 'GT')
  redis.pcall('PUBLISH', channel, entry)
end

-- The part of an entry that revokes a session.
local function session(sid)
  return 's' .. sid
end

-- The part of an entry that revokes an access token.
local function access_token(id)
  return 't' .. id
end

-- The part of an entry that revokes what a subject has beside sessions.
local function subject(digest, time)
  return 'b' .. digest .. struct.pack('>I6', tonumber(time))
end

