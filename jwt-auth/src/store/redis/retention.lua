-- Returns the longest retention that any process needs, and records it, so that a process with a shorter retention does
-- not drop entries that another process needs. The record is usually written twice a day, and expires a day after the
-- last process that needs it has ended.
local function longest_retention(key, retention)
  local known = tonumber(redis.call('GET', key) or '') or 0
  local lives = math.max(86400000, 4 * retention)
  if retention < known or (retention == known and redis.call('PTTL', key) > lives / 2) then
    return known
  end
  redis.call('PSETEX', key, lives, retention)
  return retention
end

