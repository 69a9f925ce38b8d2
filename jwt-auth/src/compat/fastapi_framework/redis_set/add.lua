-- Adds the token, unless it would be revoked: then it returns up to which `exp`.
if is_revoked() then
  return revoked()
end
redis.call('SADD', KEYS[1], token)
return false
