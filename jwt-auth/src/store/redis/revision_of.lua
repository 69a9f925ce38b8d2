-- KEYS: an owner's hash. ARGV: the revision that the caller knows, and how long to keep it. Returns the revision.
return revision_of(KEYS[1], redis.call('HGET', KEYS[1], 'r'), ARGV[1], ARGV[2])
