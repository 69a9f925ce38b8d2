-- KEYS: a stream; and the key of the retention, unless a slot migration may have moved it away. ARGV: the channel, the
-- retention, the entries.
-- Puts the entries on the stream.
local entries = {}
for i = 3, #ARGV do
  entries[i - 2] = ARGV[i]
end
publish(KEYS[1], KEYS[2], ARGV[1], ARGV[2], entries)
return 1
