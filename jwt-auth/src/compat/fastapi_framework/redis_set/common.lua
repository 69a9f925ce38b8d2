-- What the scripts about a token share. KEYS: the SET, up to which `exp` its subject's tokens were
-- revoked, who is about to begin a session with it. ARGV: the token, its `exp`.
local token, exp = ARGV[1], tonumber(ARGV[2])

local function revoked()
  return tonumber(redis.call('GET', KEYS[2]))
end

local function is_revoked()
  local up_to = revoked()
  return up_to and exp <= up_to
end

