-- Additional ARGV: the id of the request that begins a session with the token, or ''; how long to keep that id, in
-- seconds.
-- Removes the token. Returns 1 if it did, or if an earlier attempt did and its answer was lost; 2 if another request
-- did, and is about to begin a session; otherwise 0.
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
