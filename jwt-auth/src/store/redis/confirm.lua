-- KEYS: an owner's hash. ARGV: sid, generation. Records that the tokens of this generation have arrived, if it is the
-- current one. See record.rs for the layout.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record or #record ~= 61 or string.sub(record, 61) ~= '\0' then
  return 0
end
if struct.unpack('>I4', record, 57) ~= tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.sub(record, 1, 60) .. '\1')
return 1
