-- KEYS: the `exp` up to which a subject's tokens are revoked. ARGV: an `exp`.
-- Revokes the subject's tokens up to this `exp`. If there was an earlier revocation in the same second, a login after
-- it got the next `exp`, which is then revoked, too. The key is kept until all of these tokens have expired, plus two
-- minutes for clocks that differ.
local up_to = tonumber(ARGV[1])
local before = tonumber(redis.call('GET', KEYS[1]))
if before and before >= up_to then
  up_to = before + 1
end
up_to = string.format('%.0f', up_to)
redis.call('SET', KEYS[1], up_to, 'EXAT', string.format('%.0f', up_to + 120))
