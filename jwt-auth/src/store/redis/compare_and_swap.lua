-- KEYS: an owner's hash. ARGV: the sid, the id of the presented token, its generation, the id of the next token, the
-- time, the idle end, the revision that the caller knows, and how long to keep it; the elevation to record or '', and the
-- grace period.
-- See record.rs for the layout, and Family::swap for the rule. Returns whether the token was replaced, the record or
-- nil, the revision, and the elevation or nil. This also runs when the memory of Redis is full: a record is replaced by one
-- of the same length, and an elevation, which may be a new field, has at most 64 bytes. A session has at most one.
local none = string.rep('\0', 16)
local found = redis.call('HMGET', KEYS[1], ARGV[1], 'r', ARGV[1] .. 'e')
local record, elevation = found[1], found[3]
local revision = revision_of(KEYS[1], found[2], ARGV[7], ARGV[8])
if not record or #record ~= 61 then
  return { 0, record, revision, elevation }
end
local replaced = struct.unpack('>I6', record, 33)
local idle_end, absolute_end, generation = struct.unpack('>I6I6I4', record, 45)
local now, presented_generation = tonumber(ARGV[5]), tonumber(ARGV[3])
if now >= idle_end or now >= absolute_end then
  return { 0, record, revision, elevation }
end

local current, previous = string.sub(record, 1, 16), string.sub(record, 17, 32)
local is_next = current ~= none and (current == ARGV[2] or presented_generation > generation)
if ARGV[9] ~= '' then
  local grace, confirmed = tonumber(ARGV[10]), string.sub(record, 61) ~= '\0'
  local is_over = confirmed and now - replaced >= grace
  local is_retry = previous ~= none and previous == ARGV[2] and grace > 0 and not is_over
  if is_next or is_retry then
    elevation = ARGV[9]
    redis.call('HSET', KEYS[1], ARGV[1] .. 'e', elevation)
  end
end
if not is_next then
  return { 0, record, revision, elevation }
end

local ends = math.min(tonumber(ARGV[6]), absolute_end)
generation = math.min(math.max(generation, presented_generation) + 1, 4294967295)
record = ARGV[4] .. ARGV[2] .. struct.pack('>I6', now) .. string.sub(record, 39, 44)
  .. struct.pack('>I6', ends) .. string.sub(record, 51, 56) .. struct.pack('>I4', generation) .. '\0'
redis.call('HSET', KEYS[1], ARGV[1], record)
redis.call('PEXPIREAT', KEYS[1], ends, 'GT')
return { 1, record, revision, elevation }
