-- KEYS: a key of its own; one, so that it follows a slot that a cluster moves. ARGV: channel. Does once what the other
-- scripts do, to check that it may be done here: PEXPIRE with GT came with Redis 7.0.
local key = KEYS[1]
revision_of(key, false, 1, 1000)
redis.call('HDEL', key, 'r')
publish(key, nil, ARGV[1], 1000, { '' })
redis.call('DEL', key)
longest_retention(key, 1000)
redis.call('DEL', key)
return 1
