-- KEYS: an owner's hash; and if live families may have to make room, its stream and the key of the retention. ARGV: the
-- channel, the retention, the sid, the record, the idle end, the time, the maximum number of sessions, the digest of
-- the owner, the revision that the caller knows, how long to keep it, the sids of families whose revocations are
-- already on the stream; and for each other field of the family, its suffix and its value.
-- Drops the families that have ended, then the least recently used ones until there is room, and adds a family. Only
-- families that have a current token count if the new one has one, and only those without one otherwise. Returns
-- whether it was added, the sids of the live families that make room, and the revision. Without the stream, it changes
-- nothing if the revocation of any of these is not on the stream yet.
local hash, sid, now = KEYS[1], ARGV[3], tonumber(ARGV[6])
local function has_token(record)
  return string.sub(record, 1, 16) ~= string.rep('\0', 16)
end

local live, ended = {}, {}
local fields = redis.call('HGETALL', hash)
for i = 1, #fields, 2 do
  local field, record = fields[i], fields[i + 1]
  if #field == 16 and #record == 61 and field ~= sid then
    local replaced, created, idle_end, absolute_end = struct.unpack('>I6I6I6I6', record, 33)
    if now >= math.min(idle_end, absolute_end) then
      ended[#ended + 1] = field
    elseif has_token(record) == has_token(ARGV[4]) then
      live[#live + 1] = { field = field, used = math.max(replaced, created) }
    end
  end
end

local told = {}
for i = 1, #ARGV[11], 16 do
  told[string.sub(ARGV[11], i, i + 15)] = true
end

local dropped, entries, untold = {}, {}, false
table.sort(live, function(a, b) return a.used < b.used end)
for i = 1, #live + 1 - math.max(tonumber(ARGV[7]), 1) do
  local field = live[i].field
  dropped[i] = field
  untold = untold or not told[field]
  -- An entry contains at most a hundred sessions, so that a few entries are never too much to read.
  local entry = math.floor((i - 1) / 100) + 1
  entries[entry] = (entries[entry] or '') .. 's' .. ARGV[8] .. field
end
if untold and not KEYS[2] then
  return { 0, dropped, 0 }
end
if untold then
  publish(KEYS[2], KEYS[3], ARGV[1], ARGV[2], entries)
end

for _, list in ipairs({ ended, dropped }) do
  for _, field in ipairs(list) do
    redis.call('HDEL', hash, fields_of(field))
  end
end
redis.call('HSET', hash, sid, ARGV[4])
for i = 12, #ARGV, 2 do
  redis.call('HSET', hash, sid .. ARGV[i], ARGV[i + 1])
end
-- NX: a new key does not expire yet. GT: another family may end later.
redis.call('PEXPIREAT', hash, ARGV[5], 'NX')
redis.call('PEXPIREAT', hash, ARGV[5], 'GT')
return { 1, dropped, revision_of(hash, redis.call('HGET', hash, 'r'), ARGV[9], ARGV[10]) }
