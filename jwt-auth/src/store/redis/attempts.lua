-- Functions for the attempts on an account. See attempts.rs for the layout, and the methods of Attempts for the rules.
-- ARGV: the network, the name, the time, how long a network is known, the maximum numbers of networks and of known
-- networks, and the most that the clocks of two processes may differ; and for the budgets of the account and of new
-- networks, after how long one more attempt is available, and the whole budget. Both are 0 without a limit.
local key, network, name, now, remember = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local max_networks, max_known = tonumber(ARGV[5]), tonumber(ARGV[6])
local skew = tonumber(ARGV[7])
local account = { every = tonumber(ARGV[8]), whole = tonumber(ARGV[9]) }
local new_networks = { every = tonumber(ARGV[10]), whole = tonumber(ARGV[11]) }

-- Whether a field is that of a known network.
local function is_known(field)
  return #field > 8
end

-- Returns the times that still matter, by field, and the fields that have to be stored.
local function read()
  local times, changed = {}, {}
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local field = fields[i]
    local stored = #fields[i + 1] == 6 and struct.unpack('>I6', fields[i + 1]) or 0
    local longest = is_known(field) and remember or field == 'n' and new_networks.whole or account.whole
    local time = stored
    if longest > 0 and stored > now + longest + skew then
      time = now + longest
    end
    if time > now then
      times[field] = time
    end
    if time ~= stored or time <= now then
      changed[field] = true
    end
  end
  return times, changed
end

-- Takes an attempt from a budget. Returns when the budget is full again, and how long to wait.
local function take(full, budget)
  local latest = now + budget.whole
  local next = math.max(full, now) + budget.every
  if budget.every > 0 and next > latest then
    return full, next - latest
  end
  return next, 0
end

-- Sets a time. If there are too many networks, drops the one with the fewest attempts.
local function set_failures(times, changed, full)
  times[network], changed[network] = nil, true
  if full <= now then
    return
  end
  local count, least = 0, nil
  for field, time in pairs(times) do
    if not is_known(field) and field ~= 'n' then
      count = count + 1
      if not least or time < times[least] then
        least = field
      end
    end
  end
  if count >= max_networks then
    times[least], changed[least] = nil, true
  end
  times[network] = full
end

-- Stores everything that has changed.
local function save(times, changed)
  local ends, longest = now, 2 ^ 48 - 1
  for field in pairs(changed) do
    local time = times[field]
    if time and time > now then
      redis.call('HSET', key, field, struct.pack('>I6', math.min(time, longest)))
    else
      redis.call('HDEL', key, field)
    end
  end
  for _, time in pairs(times) do
    ends = math.max(ends, math.min(time, longest))
  end
  if ends > now then
    redis.call('PEXPIRE', key, string.format('%.0f', ends - now))
  end
end

