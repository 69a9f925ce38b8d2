-- KEYS: an owner's hash. ARGV: the sid, the id of the presented token, its generation, the id of the next token, the
-- time, the idle end, the revision that the caller knows, and how long to keep it.
-- See record.rs for the layout, and Family::swap for the rule. Returns whether the token was replaced, the record or
-- nil, and the revision. A record is replaced by one of the same length, so this also runs when the memory of Redis is
-- full.
local found = redis.call('HMGET', KEYS[1], ARGV[1], 'r')
local record, revision = found[1], revision_of(KEYS[1], found[2], ARGV[7], ARGV[8])
if not record or #record ~= 61 then
  return { 0, record, revision }
end
local idle_end, absolute_end, generation = struct.unpack('>I6I6I4', record, 45)
local now, presented_generation = tonumber(ARGV[5]), tonumber(ARGV[3])
local current = string.sub(record, 1, 16)
local has_token = current ~= string.rep('\0', 16)
local is_next = current == ARGV[2] or presented_generation > generation
if not has_token or not is_next or now >= idle_end or now >= absolute_end then
  return { 0, record, revision }
end
local ends = math.min(tonumber(ARGV[6]), absolute_end)
generation = math.min(math.max(generation, presented_generation) + 1, 4294967295)
record = ARGV[4] .. ARGV[2] .. struct.pack('>I6', now) .. string.sub(record, 39, 44)
  .. struct.pack('>I6', ends) .. string.sub(record, 51, 56) .. struct.pack('>I4', generation) .. '\0'
redis.call('HSET', KEYS[1], ARGV[1], record)
redis.call('PEXPIREAT', KEYS[1], ends, 'GT')
return { 1, record, revision }
