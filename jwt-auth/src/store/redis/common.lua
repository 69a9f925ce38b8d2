-- Functions that several scripts share.

-- Returns the names of a family's fields: those of its record, of its device and of its elevation.
local function fields_of(sid)
  return sid, sid .. '0', sid .. '1', sid .. '2', sid .. '3', sid .. 'l', sid .. 'i', sid .. 'e'
end

-- Puts entries on the stream and publishes them on the channel. Drops entries that can no longer concern an access
-- token of any process. Without the key of the retention, which a slot migration may have moved away, it drops nothing.
-- If the user may not publish to the channel, other processes only receive the entries later.
local function publish(stream, retention_key, channel, retention, entries)
  retention = tonumber(retention)
  -- An id before all entries.
  local oldest = '0'
  if retention_key then
    retention = longest_retention(retention_key, retention)
    oldest = string.format('%.0f', redis.call('TIME')[1] * 1000 - retention)
  end
  for _, entry in ipairs(entries) do
    redis.call('XADD', stream, 'MINID', '~', oldest, '*', 'r', entry)
    redis.pcall('PUBLISH', channel, entry)
  end
  redis.call('PEXPIRE', stream, retention, 'NX')
  redis.call('PEXPIRE', stream, retention, 'GT')
end

