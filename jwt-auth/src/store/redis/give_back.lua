-- ARGV: after those above, whether the network was known, and whether it is from now on.
-- Gives an attempt back, and remembers the network of a user who has signed in.
local times, changed = read()
set_failures(times, changed, math.max((times[network] or 0) - account.every, 0))
if ARGV[12] == '0' then
  times.n, changed.n = math.max((times.n or 0) - new_networks.every, 0), true
end

-- Forgets a known network of the name that has the most: the one with the earliest sign-in.
local function forget_one()
  local counts, oldest = {}, nil
  local function name_of(field)
    return string.sub(field, -8)
  end
  for field in pairs(times) do
    if is_known(field) then
      counts[name_of(field)] = (counts[name_of(field)] or 0) + 1
    end
  end
  for field, time in pairs(times) do
    if is_known(field) then
      local count, most = counts[name_of(field)], oldest and counts[name_of(oldest)] or 0
      if count > most or (count == most and time < times[oldest]) then
        oldest = field
      end
    end
  end
  times[oldest], changed[oldest] = nil, true
end

if ARGV[13] == '1' then
  local own, count = network .. name, 0
  times[own] = nil
  for field in pairs(times) do
    count = count + (is_known(field) and 1 or 0)
  end
  if count >= max_known then
    forget_one()
  end
  times[own], changed[own] = now + remember, true
end
save(times, changed)
return 1
