#!lua flags=allow-oom
-- KEYS[1]: a subject's hash. ARGV: sid, presented, its generation, next, now, idle end. See record.rs for
-- the layout, and Family::swap for the rule. Returns {1, record} when it swapped, else {0, record or nil}.
-- It puts a record in place of one as long, which takes no memory, so it may be done in a full Redis.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record or #record ~= 60 then
  return { 0, record }
end
local idle_end, absolute_end, generation = struct.unpack('>I6I6I4', record, 45)
local now, presented_generation = tonumber(ARGV[5]), tonumber(ARGV[3])
local is_next = string.sub(record, 1, 16) == ARGV[2] or presented_generation > generation
if not is_next or now >= idle_end or now >= absolute_end then
  return { 0, record }
end
local ends = math.min(tonumber(ARGV[6]), absolute_end)
generation = math.min(math.max(generation, presented_generation) + 1, 4294967295)
record = ARGV[4] .. ARGV[2] .. struct.pack('>I6', now) .. string.sub(record, 39, 44)
  .. struct.pack('>I6', ends) .. string.sub(record, 51, 56) .. struct.pack('>I4', generation)
redis.call('HSET', KEYS[1], ARGV[1], record)
redis.call('PEXPIREAT', KEYS[1], ends, 'GT')
return { 1, record }
