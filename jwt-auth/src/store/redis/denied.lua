-- Makes these calls, and returns the names of the commands that the user may not run. Returns any other error.
local function denied(calls)
  -- The errors of Redis 7.0 do not name the command.
  local marks = { "The user executing the script can't", 'ACL failure in script', 'NOPERM' }
  local names, seen, failed = {}, {}, nil
  for _, call in ipairs(calls) do
    local answer = redis.pcall(unpack(call))
    local text = type(answer) == 'table' and answer.err
    if text then
      local is_denied = false
      for _, mark in ipairs(marks) do
        is_denied = is_denied or string.find(text, mark, 1, true) ~= nil
      end
      if not is_denied then
        failed = failed or answer
      elseif not seen[call[1]] then
        seen[call[1]] = true
        names[#names + 1] = call[1]
      end
    end
  end
  if failed and #names == 0 then
    return failed
  end
  return names
end

