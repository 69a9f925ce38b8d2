-- KEYS: a key that only this script uses; a single one, so that the call follows a slot that a cluster moves. ARGV: the
-- channel.
-- Calls each command of the other scripts once, to check the version of the server and the permissions of the user. GT
-- requires Redis 7.0. The calls are permitted even if the memory of Redis is full. Returns the commands that the user
-- may not run.
local key, channel = KEYS[1], ARGV[1]
return denied({
  { 'TIME' },
  { 'HSET', key, 'r', '1' },
  { 'PEXPIRE', key, 1000, 'NX' },
  { 'PEXPIRE', key, 1, 'GT' },
  { 'PEXPIREAT', key, 1, 'GT' },
  { 'HGET', key, 'r' },
  { 'HMGET', key, 'r' },
  { 'HGETALL', key },
  { 'HKEYS', key },
  { 'HEXISTS', key, 'r' },
  { 'HDEL', key, 'r' },
  { 'XADD', key, 'MINID', '~', '0', '*', 'r', '' },
  { 'PEXPIRE', key, 1000, 'NX' },
  { 'XRANGE', key, '-', '+', 'COUNT', 1 },
  { 'XREVRANGE', key, '+', '-', 'COUNT', 1 },
  { 'PSETEX', key, 1000, '' },
  { 'GET', key },
  { 'PTTL', key },
  { 'PEXPIRE', key, 0 },
  { 'PUBLISH', channel, '' },
})
