-- KEYS: the attempts on an account. ARGV: the network, the time, how long a network is known, and the maximum number of
-- networks; and for the budgets of the account and of new networks, after how long one more attempt is available, and the
-- whole budget.
-- Counts an attempt if it is permitted. Returns whether it is, whether the network is known, and how long to wait for
-- each of the budgets.
local now = tonumber(ARGV[2])
local every, whole, new_every, new_whole =
  tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local attempts = read(KEYS[1], now, tonumber(ARGV[3]), whole, new_whole)
local own = find(attempts, ARGV[1])
local known = own.known > now
local full, wait = take(own.full, every, whole, now)
local new, new_wait = attempts.new, 0
if not known then
  new, new_wait = take(new, new_every, new_whole, now)
end
local is_permitted = wait == 0 and new_wait == 0
if is_permitted then
  own.full, attempts.new = full, new
  make_room(attempts, own, tonumber(ARGV[4]))
end
if is_permitted or attempts.is_corrected then
  save(KEYS[1], attempts, now)
end
return { is_permitted and 1 or 0, known and 1 or 0, wait, new_wait }
