-- Returns the revision of an owner. `stored` is the field `r` of the owner's hash. If the caller knows a later
-- revision, the store has lost its own, and continues from that one. A value that is not a number of 48 bits counts as
-- lost.
local function revision_of(hash, stored, heard, lives)
  stored = tonumber(stored or '') or 0
  if not (stored >= 0 and stored < 2 ^ 48) then
    stored = 0
  end
  heard = tonumber(heard)
  if heard <= stored then
    return stored
  end
  redis.call('HSET', hash, 'r', string.format('%.0f', heard))
  redis.call('PEXPIRE', hash, lives, 'NX')
  redis.call('PEXPIRE', hash, lives, 'GT')
  return heard
end

