-- KEYS: a subject's hash, its stream. ARGV: channel, retention, sid.
-- Puts a family on the stream, and removes it. Returns whether it was there.
if redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then
  return 0
end
publish(KEYS[2], ARGV[1], ARGV[2], session(ARGV[3]))
redis.call('HDEL', KEYS[1], fields_of(ARGV[3]))
return 1
