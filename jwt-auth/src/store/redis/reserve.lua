-- KEYS: the attempts on an account. ARGV: the network, the time, how long a network is known, the maximum number of
-- networks, and the budgets.
-- Counts an attempt if it is permitted. Returns whether it is, whether the network is known, and how long to wait for the
-- budget of the network and for the one that it shares.
local now, budgets = tonumber(ARGV[2]), budgets_at(5)
local attempts = read(KEYS[1], now, tonumber(ARGV[3]), budgets)
local own = find(attempts, ARGV[1])
local known = own.known > now
local share = known and 'k' or 'n'
local full, wait = take(own.full, budgets.account, now)
local shared, shared_wait = take(attempts.shared[share], budgets[share], now)
local is_permitted = wait == 0 and shared_wait == 0
if is_permitted then
  own.full, attempts.shared[share] = full, shared
  make_room(attempts, own, tonumber(ARGV[4]))
end
if is_permitted or attempts.is_corrected then
  save(KEYS[1], attempts, now)
end
return { is_permitted and 1 or 0, known and 1 or 0, wait, shared_wait }
