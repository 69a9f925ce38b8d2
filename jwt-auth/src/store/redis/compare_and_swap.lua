-- KEYS[1]: a subject's hash. ARGV: sid, presented, next, now, idle end. See record.rs for the layout.
-- Returns {1, record} when it swapped, else {0, record or nil}.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record or #record ~= 56 or string.sub(record, 1, 16) ~= ARGV[2] then
  return { 0, record }
end
local idle_end, absolute_end = struct.unpack('>I6I6', record, 45)
local now = tonumber(ARGV[4])
if now >= idle_end or now >= absolute_end then
  return { 0, record }
end
local ends = math.min(tonumber(ARGV[5]), absolute_end)
record = ARGV[3] .. ARGV[2] .. struct.pack('>I6', now) .. string.sub(record, 39, 44)
  .. struct.pack('>I6', ends) .. string.sub(record, 51, 56)
redis.call('HSET', KEYS[1], ARGV[1], record)
redis.call('PEXPIREAT', KEYS[1], ends, 'GT')
return { 1, record }
