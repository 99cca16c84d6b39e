/** Reading everything that belongs to a checkpoint. A tuple is {ns, id, record, values, writes, sends}. */
import { lua } from "../script.ts"

export const tuple = lua`
local field_batch = 1000

local function get_all(fields)
  local found = {}
  for first = 1, #fields, field_batch do
    local last = math.min(first + field_batch - 1, #fields)
    for _, value in ipairs(redis.call("HMGET", thread, unpack(fields, first, last))) do found[#found + 1] = value end
  end
  return found
end

-- In the order of the versions; false for a channel without a value.
local function values_of(ns, versions)
  local names = {}
  each_version(versions, function(name) names[#names + 1] = value_field(ns, name) end)
  return get_all(names)
end

-- {name, write, name, write, ...}; with channels: only those whose channel is in it.
local function writes_of(ns, id, channels)
  local found = {}
  each_write(ns, id, function(name, channel)
    if channels and not channels[channel] then return end
    found[#found + 1] = name
    found[#found + 1] = get(write_field(ns, id, name))
  end)
  return found
end

local function tuple_of(ns, id, record)
  local parent, versions, old = open_checkpoint(record)
  local sends = old and parent ~= "" and writes_of(ns, parent) or {}
  return { ns, id, record, values_of(ns, versions), writes_of(ns, id), sends }
end

local function bytes_of(value)
  if type(value) == "string" then return #value end
  if type(value) ~= "table" then return 0 end
  local bytes = 0
  for _, part in ipairs(value) do bytes = bytes + bytes_of(part) end
  return bytes
end
`
