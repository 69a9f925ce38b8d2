-- KEYS: a key that only this script uses.
-- Calls each command that the SET and the keys next to it need, and returns the commands that the user may not run.
local key = KEYS[1]
return denied({
  { 'SADD', key, '' },
  { 'SISMEMBER', key, '' },
  { 'SCARD', key },
  { 'SSCAN', key, 0, 'COUNT', 1 },
  { 'SREM', key, '' },
  { 'SET', key, '', 'EX', 1 },
  { 'GET', key },
  { 'MGET', key },
  { 'DEL', key },
})
