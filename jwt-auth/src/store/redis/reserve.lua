-- Counts an attempt if it is permitted. Returns whether it is, whether the network is known, and how long to wait for each
-- of the budgets.
local times, changed = read()
local known = times[network .. name] ~= nil
local full, wait = take(times[network] or 0, account)
local new, new_wait = times.n or 0, 0
if not known then
  new, new_wait = take(new, new_networks)
end
local is_permitted = wait == 0 and new_wait == 0
if is_permitted then
  set_failures(times, changed, full)
  times.n, changed.n = new, true
end
if next(changed) then
  save(times, changed)
end
return { is_permitted and 1 or 0, known and 1 or 0, wait, new_wait }
