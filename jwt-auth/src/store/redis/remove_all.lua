-- KEYS: a subject's hash, the stream. ARGV: retention, digest of the subject, now.
-- Puts all families and the subject on the stream, and removes them. Returns their sids.
local sids = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if #field == 16 then
    sids[#sids + 1] = field
  end
end
publish(KEYS[2], ARGV[1], 's', table.concat(sids), 'b', ARGV[2], 't', ARGV[3])
redis.call('UNLINK', KEYS[1])
return sids
