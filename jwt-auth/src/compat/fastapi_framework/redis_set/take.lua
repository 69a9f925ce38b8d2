-- ARGV, besides: who begins a session with the token, or nothing; how long that is kept, in seconds.
-- Takes the token out. Returns 1 when it did, also when that was a moment ago and the answer was lost;
-- 2 when somebody else did, and is about to begin a session; else 0.
if redis.call('SREM', KEYS[1], token) == 0 then
  local claim = redis.call('GET', KEYS[3])
  if not claim then
    return 0
  end
  return claim == ARGV[3] and 1 or 2
end
if is_revoked() then
  return 0
end
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[3], ARGV[3], 'EX', ARGV[4])
end
return 1
