-- KEYS, besides: who is about to begin a session with the token.
-- Nobody is any more. Returns up to which `exp` the tokens of its subject were revoked, or nil.
redis.call('DEL', KEYS[3])
return revoked() or false
