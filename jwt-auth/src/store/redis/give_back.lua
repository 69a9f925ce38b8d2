-- KEYS: the attempts on an account. ARGV: the network, the time, how long a network is known, the maximum numbers of
-- networks and of known networks; for the budgets of the account and of new networks, after how long one more attempt is
-- available, and the whole budget; whether the network was known; and whether the user has signed in.
-- Gives an attempt back, and remembers the network of a user who has signed in.
local now, remember, max_known = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
local attempts = read(KEYS[1], now, remember, tonumber(ARGV[7]), tonumber(ARGV[9]))
local own = find(attempts, ARGV[1])
own.full = math.max(own.full - tonumber(ARGV[6]), 0)
if ARGV[10] == '0' then
  attempts.new = math.max(attempts.new - tonumber(ARGV[8]), 0)
end
if ARGV[11] == '1' then
  own.known = now + remember
end

local known, oldest = 0, nil
for _, other in ipairs(attempts.networks) do
  if other.known > now then
    known = known + 1
    if other ~= own and (not oldest or other.known < oldest.known) then
      oldest = other
    end
  end
end
if known > max_known and oldest then
  oldest.known, oldest.is_changed = 0, true
end
make_room(attempts, own, tonumber(ARGV[4]))
save(KEYS[1], attempts, now)
return 1
