-- KEYS: where a subject's revocation stands. ARGV: an `exp`.
-- Revokes the subject's tokens up to that. A login after an earlier revocation in the same second has
-- the next `exp`. Kept until none of them could be good, and for the minute that clocks may differ.
local up_to = tonumber(ARGV[1])
local before = tonumber(redis.call('GET', KEYS[1]))
if before and before >= up_to then
  up_to = before + 1
end
up_to = string.format('%.0f', up_to)
redis.call('SET', KEYS[1], up_to, 'EXAT', string.format('%.0f', up_to + 120))
