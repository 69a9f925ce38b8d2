-- KEYS: streams, each followed by the key of its retention. ARGV: retention, how many entries of each stream and how many
-- bytes of all at most; and for each stream the id after which to read, or '' for all that can still matter.
-- Records the retention. Returns for each stream its entries, {{id, revocations}, …}, and whether there may be more.
local read, left = {}, tonumber(ARGV[3])
local beginning = string.format('%.0f', redis.call('TIME')[1] * 1000 - ARGV[1])
for i = 1, #KEYS, 2 do
  longest_retention(KEYS[i + 1], tonumber(ARGV[1]))
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
