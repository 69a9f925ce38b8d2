-- KEYS: a subject's hash, the stream. ARGV: retention, sid.
-- Puts a family on the stream, and removes it. Returns whether it was there.
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then
  return 0
end
publish(KEYS[2], ARGV[1], 's', ARGV[2])
redis.call('HDEL', KEYS[1], fields_of(ARGV[2]))
return 1
