-- Functions for the attempts on an account. See attempts.rs for the layout, and the methods of Attempts for the rules.

-- Returns the budgets: for each, after how long one more attempt is available, and the whole budget. Both are 0 without a
-- limit. `first` is the index of the first argument.
local function budgets_at(first)
  local function budget(i)
    return { every = tonumber(ARGV[i]), whole = tonumber(ARGV[i + 1]) }
  end
  return { account = budget(first), n = budget(first + 2), k = budget(first + 4) }
end

-- Returns a time that is not later than it can be. A clock that is ahead has written a later one.
local function correct(full, budget, now)
  return budget.whole > 0 and math.min(full, now + budget.whole) or full
end

-- Returns the attempts that still matter, and the names of all other fields. `remember` is how long a network is known.
local function read(key, now, remember, budgets)
  local attempts = { shared = { n = 0, k = 0 }, networks = {}, dropped = {} }
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local field, value = fields[i], fields[i + 1]
    if attempts.shared[field] then
      local stored = #value == 6 and struct.unpack('>I6', value) or 0
      attempts.shared[field] = correct(stored, budgets[field], now)
      attempts.is_corrected = attempts.is_corrected or attempts.shared[field] < stored
    else
      local stored_full, stored_known = 0, 0
      if #value == 12 then
        stored_full, stored_known = struct.unpack('>I6I6', value)
      end
      local full, known = correct(stored_full, budgets.account, now), math.min(stored_known, now + remember)
      if full > now or known > now then
        local is_changed = full < stored_full or known < stored_known
        local own = { field = field, full = full, known = known, is_changed = is_changed }
        attempts.networks[#attempts.networks + 1] = own
        attempts.is_corrected = attempts.is_corrected or is_changed
      else
        attempts.dropped[#attempts.dropped + 1] = field
      end
    end
  end
  return attempts
end

-- Returns the attempts from a network, which will be stored.
local function find(attempts, network)
  for _, own in ipairs(attempts.networks) do
    if own.field == network then
      own.is_changed = true
      return own
    end
  end
  local own = { field = network, full = 0, known = 0, is_changed = true }
  attempts.networks[#attempts.networks + 1] = own
  return own
end

-- Takes an attempt from a budget. Returns when the budget is full again, and how long to wait.
local function take(full, budget, now)
  local latest = now + budget.whole
  local next = math.max(full, now) + budget.every
  if budget.every > 0 and next > latest then
    return full, next - latest
  end
  return next, 0
end

-- If there are too many networks, drops the one with the fewest attempts that is not known, but never `kept`.
local function make_room(attempts, kept, max)
  if #attempts.networks <= max then
    return
  end
  local least
  for i, own in ipairs(attempts.networks) do
    local than = attempts.networks[least]
    local is_less = not than or own.known < than.known or (own.known == than.known and own.full < than.full)
    if own ~= kept and is_less then
      least = i
    end
  end
  local dropped = table.remove(attempts.networks, least)
  attempts.dropped[#attempts.dropped + 1] = dropped.field
end

-- Stores everything that has changed.
local function save(key, attempts, now)
  local longest = 2 ^ 48 - 1
  local ends = now
  for _, field in ipairs(attempts.dropped) do
    redis.call('HDEL', key, field)
  end
  for _, own in ipairs(attempts.networks) do
    ends = math.max(ends, own.full, own.known)
    if own.is_changed and (own.full > now or own.known > now) then
      local value = struct.pack('>I6I6', math.min(own.full, longest), math.min(own.known, longest))
      redis.call('HSET', key, own.field, value)
    elseif own.is_changed then
      redis.call('HDEL', key, own.field)
    end
  end
  for field, full in pairs(attempts.shared) do
    ends = math.max(ends, full)
    if full > now then
      redis.call('HSET', key, field, struct.pack('>I6', math.min(full, longest)))
    else
      redis.call('HDEL', key, field)
    end
  end
  if ends > now then
    redis.call('PEXPIRE', key, string.format('%.0f', ends - now))
  end
end

