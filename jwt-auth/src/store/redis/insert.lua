-- KEYS: a subject's hash, its stream. ARGV: channel, retention, sid, record, end, now, most sessions, and
-- for each field of the device what stands behind the sid, and the value.
-- Drops what has ended, and what was used longest ago until there is room, and adds a family.
-- Returns the sids of those that were dropped and had not ended.
local hash, sid, now = KEYS[1], ARGV[3], tonumber(ARGV[6])

local live, ended = {}, {}
local fields = redis.call('HGETALL', hash)
for i = 1, #fields, 2 do
  local field, record = fields[i], fields[i + 1]
  if #field == 16 and #record == 60 and field ~= sid then
    local replaced, created, idle_end, absolute_end = struct.unpack('>I6I6I6I6', record, 33)
    if now >= math.min(idle_end, absolute_end) then
      ended[#ended + 1] = field
    else
      live[#live + 1] = { field = field, used = math.max(replaced, created) }
    end
  end
end

local dropped, entry = {}, {}
table.sort(live, function(a, b) return a.used < b.used end)
for i = 1, #live + 1 - math.max(tonumber(ARGV[7]), 1) do
  dropped[i] = live[i].field
  entry[i] = session(dropped[i])
end
if #dropped > 0 then
  publish(KEYS[2], ARGV[1], ARGV[2], table.concat(entry))
end

for _, list in ipairs({ ended, dropped }) do
  for _, field in ipairs(list) do
    redis.call('HDEL', hash, fields_of(field))
  end
end
redis.call('HSET', hash, sid, ARGV[4])
for i = 8, #ARGV, 2 do
  redis.call('HSET', hash, sid .. ARGV[i], ARGV[i + 1])
end
-- NX: a new key has no end yet. GT: another family may end later.
redis.call('PEXPIREAT', hash, ARGV[5], 'NX')
redis.call('PEXPIREAT', hash, ARGV[5], 'GT')
return dropped
