-- KEYS: an owner's hash; and its stream and the key of the retention, unless the entry is already on the stream. ARGV:
-- the channel, the retention, the sid, the entry.
-- Puts the entry on the stream, and removes the family. Returns whether the family existed.
local existed = redis.call('HEXISTS', KEYS[1], ARGV[3])
if KEYS[2] then
  publish(KEYS[2], KEYS[3], ARGV[1], ARGV[2], { ARGV[4] })
end
redis.call('HDEL', KEYS[1], fields_of(ARGV[3]))
return existed
