-- Additional ARGV: the next token.
-- Replaces the token with the next one, if the token is in the SET and not revoked. Returns whether it did, which is
-- also true if an earlier attempt did and its answer was lost.
if redis.call('SREM', KEYS[1], token) == 0 then
  return redis.call('SISMEMBER', KEYS[1], ARGV[3])
end
if is_revoked() then
  return 0
end
redis.call('SADD', KEYS[1], ARGV[3])
return 1
