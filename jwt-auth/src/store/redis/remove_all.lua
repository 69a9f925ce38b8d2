-- KEYS: a subject's hash, its stream. ARGV: channel, retention, digest of the subject, now.
-- Puts all families and the subject on the stream, and removes them. Returns their sids.
local sids, entry = {}, { subject(ARGV[3], ARGV[4]) }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if #field == 16 then
    sids[#sids + 1] = field
    entry[#entry + 1] = session(field)
  end
end
publish(KEYS[2], ARGV[1], ARGV[2], table.concat(entry))
redis.call('UNLINK', KEYS[1])
return sids
