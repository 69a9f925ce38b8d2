-- KEYS: a key that only this script uses; a single one, so that the call follows a slot that a cluster moves. ARGV: the
-- channel.
-- Does once what the other scripts do, to check that the server and the permissions of the user allow it. PEXPIRE with
-- GT requires Redis 7.0.
local key = KEYS[1]
revision_of(key, false, 1, 1000)
redis.call('HDEL', key, 'r')
publish(key, nil, ARGV[1], 1000, { '' })
redis.call('DEL', key)
longest_retention(key, 1000)
redis.call('DEL', key)
return 1
