-- KEYS: a key that nobody uses, a stream beside it. ARGV: channel. Does once what the other scripts do, to
-- see that it may be done here: PEXPIREAT with GT came with Redis 7.0.
redis.call('PEXPIREAT', KEYS[1], 1, 'GT')
publish(KEYS[2], ARGV[1], 1, '')
return 1
