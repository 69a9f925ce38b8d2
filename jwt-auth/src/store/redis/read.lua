-- KEYS: streams. ARGV: retention, how many entries at most of each, and for each stream after which id.
-- Keeps the streams for as long as the reader needs them, since a process that gives its tokens less time
-- keeps them for less. Returns the entries of each stream: {{id, revocations}, …}.
local read = {}
for i, stream in ipairs(KEYS) do
  redis.call('PEXPIRE', stream, ARGV[1], 'GT')
  local entries = {}
  for j, entry in ipairs(redis.call('XRANGE', stream, '(' .. ARGV[i + 2], '+', 'COUNT', ARGV[2])) do
    entries[j] = { entry[1], entry[2][2] }
  end
  read[i] = entries
end
return read
