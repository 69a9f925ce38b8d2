-- Nobody is about to begin a session any more. Returns up to which `exp` the subject's tokens were
-- revoked, or nil.
redis.call('DEL', KEYS[3])
return revoked() or false
