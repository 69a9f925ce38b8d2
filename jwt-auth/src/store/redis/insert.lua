-- KEYS[1]: a subject's hash. ARGV: sid, record, end, now, user agent ('' for none).
-- Adds a family, and drops those that have ended.
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local field, record = fields[i], fields[i + 1]
  if #field == 16 and #record == 56 then
    local idle_end, absolute_end = struct.unpack('>I6I6', record, 45)
    if tonumber(ARGV[4]) >= math.min(idle_end, absolute_end) then
      redis.call('HDEL', KEYS[1], field, field .. 'u')
    end
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1] .. 'u', ARGV[5])
end
-- NX: a new key has no end yet. GT: another family may end later.
redis.call('PEXPIREAT', KEYS[1], ARGV[3], 'NX')
redis.call('PEXPIREAT', KEYS[1], ARGV[3], 'GT')
return 1
