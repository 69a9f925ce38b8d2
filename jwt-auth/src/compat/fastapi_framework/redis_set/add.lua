-- Adds the token. If it would already be revoked, returns the `exp` up to which the subject's tokens are revoked.
if is_revoked() then
  return revoked()
end
redis.call('SADD', KEYS[1], token)
return false
