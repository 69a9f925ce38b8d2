-- KEYS: streams, each followed by the key of its retention; or one stream alone, if a slot migration may have moved the
-- other key away. ARGV: the retention, the maximum number of entries per stream, the maximum number of bytes over all
-- streams; and for each stream, the id after which to read, or '' for all entries that can still matter.
-- Returns for each stream its entries, {{id, revocations}, …}, and whether there may be more.

-- Keeps a stream for as long as this process needs its last entry, because a process with a shorter retention would let
-- it expire earlier. Usually, this writes nothing.
local function keep(stream, retention_key, retention, now)
  local lives = redis.call('PTTL', stream)
  if lives == -2 then
    return
  end
  if retention_key then
    longest_retention(retention_key, retention)
  end
  if lives < retention then
    local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
    local needed = last and tonumber(string.match(last[1], '^%d+')) + retention - now or 0
    if lives + 1000 < needed then
      redis.call('PEXPIRE', stream, string.format('%.0f', needed), 'GT')
    end
  end
end

local read, left = {}, tonumber(ARGV[3])
local now = redis.call('TIME')[1] * 1000
local beginning = string.format('%.0f', now - ARGV[1])
for i = 1, #KEYS, 2 do
  keep(KEYS[i], KEYS[i + 1], tonumber(ARGV[1]), now)
  local after = ARGV[4 + (i - 1) / 2]
  local from = after == '' and beginning or '(' .. after
  local entries, more = {}, left <= 0
  if not more then
    local found = redis.call('XRANGE', KEYS[i], from, '+', 'COUNT', ARGV[2])
    more = #found == tonumber(ARGV[2])
    for _, entry in ipairs(found) do
      if left <= 0 then
        more = true
        break
      end
      entries[#entries + 1] = { entry[1], entry[2][2] }
      left = left - #entry[2][2]
    end
  end
  read[#read + 1] = { entries, more and 1 or 0 }
end
return read
