-- KEYS: an owner's hash; and its stream and the key of the retention, unless this is done in several steps. ARGV: the
-- channel, the retention, the digest of the owner, the sid of the spared family or '', the revision that the caller
-- knows, how long to keep it, and which steps to take: '' for all, 'revise' to assign the revision, 'remove' to remove
-- the families.
-- Assigns the next revision, puts it on the stream, and removes the families. Returns their sids, the sid of the spared
-- family or '' if it does not exist, and the revision.
local hash, spared, step = KEYS[1], ARGV[4], ARGV[7]
if spared ~= '' and redis.call('HEXISTS', hash, spared) == 0 then
  spared = ''
end
local revision = revision_of(hash, redis.call('HGET', hash, 'r'), ARGV[5], ARGV[6])

if step ~= 'remove' then
  local time = redis.call('TIME')
  revision = math.max(time[1] * 1000 + math.floor(time[2] / 1000), revision) + 1
  redis.call('HSET', hash, 'r', string.format('%.0f', revision))
  redis.call('PEXPIRE', hash, ARGV[6], 'NX')
  redis.call('PEXPIRE', hash, ARGV[6], 'GT')
end
if step == 'revise' then
  return { {}, spared, revision }
end

local sids = {}
for _, field in ipairs(redis.call('HKEYS', hash)) do
  if #field == 16 and field ~= spared then
    sids[#sids + 1] = field
  end
end
if step == '' then
  local entry = (spared == '' and 'o' or 'p') .. ARGV[3] .. struct.pack('>I6', revision) .. spared
  publish(KEYS[2], KEYS[3], ARGV[1], ARGV[2], { entry })
end
for _, sid in ipairs(sids) do
  redis.call('HDEL', hash, fields_of(sid))
end
-- Only the revision is left.
if spared == '' then
  redis.call('PEXPIRE', hash, ARGV[6])
end
return { sids, spared, revision }
