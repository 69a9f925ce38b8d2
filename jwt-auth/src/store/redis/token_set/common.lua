-- What the scripts about a token share. KEYS: the SET, where its subject's revocation stands. ARGV: the
-- token, its `exp`.
local token, exp = ARGV[1], tonumber(ARGV[2])

-- Up to which `exp` the tokens of the subject were revoked, or nil.
local function revoked()
  return tonumber(redis.call('GET', KEYS[2]))
end

local function is_revoked()
  local up_to = revoked()
  return up_to and exp <= up_to
end

