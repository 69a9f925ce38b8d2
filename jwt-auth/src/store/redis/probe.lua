-- KEYS: a hash, a stream and a retention of their own. ARGV: channel. Does once what the other scripts do, to check that
-- it may be done here: PEXPIRE with GT came with Redis 7.0.
revision_of(KEYS[1], false, 1, 1000)
redis.call('HDEL', KEYS[1], 'r')
publish(KEYS[2], KEYS[3], ARGV[1], 1000, { '' })
redis.call('DEL', KEYS[2], KEYS[3])
return 1
