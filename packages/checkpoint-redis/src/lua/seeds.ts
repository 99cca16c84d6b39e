/**
 * What a checkpoint's delta channels begin at.
 *
 * A delta channel has no value in most checkpoints: it is what the nearest ancestor with a value had, and the writes
 * since. So that ancestor, its seed, has to stay for as long as the checkpoint does. Where it is, is handed down from
 * parent to child, so that nobody has to walk back for it.
 */
import { lua } from "../script.ts"

export const seeds = lua`
local function read_seeds(ns, id)
  local found = {}
  for channel, ordinal in string.gmatch(get(seeds_field(ns, id)) or "", "([^%z]*)%z([^%z]*)%z") do
    found[channel] = tonumber(ordinal)
  end
  return found
end

local function has_value(ns, versions, wanted)
  local found = false
  each_version(versions, function(name, channel)
    if channel == wanted then found = redis.call("HEXISTS", thread, value_field(ns, name)) == 1 end
  end)
  return found
end

-- The ordinal of the nearest checkpoint with a value, from this one back; without any, that of the first.
-- Ordinals fall from child to parent; where they do not, somebody stored a circle, and the walk ends.
local function seed_of(ns, id, channel)
  local at, nearest = id, math.huge
  while true do
    local record, ordinal = get_checkpoint(ns, at), ordinal_of(ns, at)
    if not record or ordinal >= nearest then return nearest end
    nearest = ordinal
    local known = at ~= id and read_seeds(ns, at)[channel]
    if known then return known end
    local parent, versions = open_checkpoint(record)
    if has_value(ns, versions, channel) or parent == "" then return ordinal end
    at = parent
  end
end

-- Those that the namespace had so far, those named, and those that the parent's writes changed and that yet have no
-- value. Names are closed by \0 each.
local function delta_channels(ns, parent, named, changed_without_value)
  local known, channels, bare = get(deltas_field(ns)) or "", {}, {}
  local function add(channel)
    if not channels[channel] then known = known .. channel .. "\0" end
    channels[channel] = true
  end
  for channel in string.gmatch(known, "([^%z]*)%z") do channels[channel] = true end
  for channel in string.gmatch(named, "([^%z]*)%z") do add(channel) end
  for channel in string.gmatch(changed_without_value, "([^%z]*)%z") do bare[channel] = true end
  each_write(ns, parent, function(_, channel)
    if bare[channel] then add(channel) end
  end)
  return channels, known
end

local function write_seeds(ns, id, parent, named, changed_without_value)
  local channels, known = delta_channels(ns, parent, named, changed_without_value)
  if known == "" then return end
  local seeds = {}
  for channel in pairs(channels) do seeds[#seeds + 1] = channel .. "\0" .. seed_of(ns, id, channel) .. "\0" end
  redis.call("HSET", thread, deltas_field(ns), known, seeds_field(ns, id), table.concat(seeds))
end

local function first_seed(ns, id)
  local first = math.huge
  for _, ordinal in pairs(read_seeds(ns, id)) do first = math.min(first, ordinal) end
  return first
end
`
