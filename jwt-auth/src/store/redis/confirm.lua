-- KEYS: an owner's hash. ARGV: the sid, the generation, the time.
-- If the generation is the current one, records that its tokens have arrived, and starts the grace period of the
-- previous token. See record.rs for the layout, and Family::confirm for the rule.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record or #record ~= 61 or string.sub(record, 61) ~= '\0' then
  return 0
end
if struct.unpack('>I4', record, 57) ~= tonumber(ARGV[2]) then
  return 0
end
local replaced = struct.unpack('>I6', record, 33)
if replaced > 0 then
  replaced = math.max(replaced, tonumber(ARGV[3]))
end
record = string.sub(record, 1, 32) .. struct.pack('>I6', replaced) .. string.sub(record, 39, 60) .. '\1'
redis.call('HSET', KEYS[1], ARGV[1], record)
return 1
