-- ARGV, besides: the next token.
-- Puts it in place of the token, if that is there and not revoked. Returns whether it did: also when it
-- did so a moment ago, and the answer was lost.
if redis.call('SREM', KEYS[1], token) == 0 then
  return redis.call('SISMEMBER', KEYS[1], ARGV[3])
end
if is_revoked() then
  return 0
end
redis.call('SADD', KEYS[1], ARGV[3])
return 1
