-- Removes the claim of the request that has begun a session. Returns the `exp` up to which the subject's tokens are
-- revoked, or nil.
redis.call('DEL', KEYS[3])
return revoked() or false
