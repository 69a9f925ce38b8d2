-- Functions that the scripts about a token share. KEYS: the SET; the `exp` up to which the subject's tokens are
-- revoked; the request that is about to begin a session with the token. ARGV: the token and its `exp`.
local token, exp = ARGV[1], tonumber(ARGV[2])

local function revoked()
  return tonumber(redis.call('GET', KEYS[2]))
end

local function is_revoked()
  local up_to = revoked()
  return up_to and exp <= up_to
end

