-- Functions for the attempts on an account. See attempts.rs for the layout, and the methods of Attempts for the rules.

-- Returns a time that is not later than it can be. A clock that is ahead has written a later one. Without a budget, `whole`
-- is 0.
local function correct(full, whole, now)
  return whole > 0 and math.min(full, now + whole) or full
end

-- Returns the attempts that still matter, and the names of all other fields. `remember` is how long a network is known;
-- `whole` and `new_whole` are the times after which each budget is available again.
local function read(key, now, remember, whole, new_whole)
  local attempts = { new = 0, networks = {}, dropped = {} }
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local field, value = fields[i], fields[i + 1]
    if field == 'n' then
      local new = #value == 6 and struct.unpack('>I6', value) or 0
      attempts.new = correct(new, new_whole, now)
      attempts.is_corrected = attempts.new < new
    else
      local stored_full, stored_known = 0, 0
      if #value == 12 then
        stored_full, stored_known = struct.unpack('>I6I6', value)
      end
      local full, known = correct(stored_full, whole, now), math.min(stored_known, now + remember)
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
local function take(full, every, whole, now)
  local latest = now + whole
  local next = math.max(full, now) + every
  if every > 0 and next > latest then
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
  local ends = attempts.new
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
  if attempts.new > now then
    redis.call('HSET', key, 'n', struct.pack('>I6', math.min(attempts.new, longest)))
  else
    redis.call('HDEL', key, 'n')
  end
  if ends > now then
    redis.call('PEXPIRE', key, string.format('%.0f', ends - now))
  end
end

