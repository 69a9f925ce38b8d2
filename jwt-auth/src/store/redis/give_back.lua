-- KEYS: the attempts on an account. ARGV: the network, the time, how long a network is known, the maximum numbers of
-- networks and of known networks, the budgets, whether the network was known, and whether the user has signed in.
-- Gives an attempt back, and remembers the network of a user who has signed in.
local now, remember, max_known, budgets = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5]), budgets_at(6)
local attempts = read(KEYS[1], now, remember, budgets)
local own = find(attempts, ARGV[1])
local share = ARGV[12] == '1' and 'k' or 'n'
own.full = math.max(own.full - budgets.account.every, 0)
attempts.shared[share] = math.max(attempts.shared[share] - budgets[share].every, 0)
if ARGV[13] == '1' then
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
