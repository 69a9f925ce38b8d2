-- KEYS: an owner's hash. ARGV: the revision that was heard of, and how long it is kept. Returns the revision.
return revision_of(KEYS[1], redis.call('HGET', KEYS[1], 'r'), ARGV[1], ARGV[2])
