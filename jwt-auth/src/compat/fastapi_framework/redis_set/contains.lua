-- Returns whether the token is in the SET and not revoked.
if is_revoked() then
  return 0
end
return redis.call('SISMEMBER', KEYS[1], token)
