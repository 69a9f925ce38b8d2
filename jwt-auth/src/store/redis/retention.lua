-- Returns the longest retention that a process needs, and records it: so a process whose access tokens live shorter does
-- not drop what another one needs. It is written once in half a day, and forgotten a day after the last process that
-- needs it ended.
local function longest_retention(key, retention)
  local known = tonumber(redis.call('GET', key) or '') or 0
  local lives = math.max(86400000, 4 * retention)
  if retention < known or (retention == known and redis.call('PTTL', key) > lives / 2) then
    return known
  end
  redis.call('PSETEX', key, lives, retention)
  return retention
end

