/**
 * Reads what delta channels are made of: the writes of a checkpoint's ancestors, back to the nearest value.
 *
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce, 2 namespace, 3 id, or "" for the newest, 4 "parent" to begin at its parent, "here" to go on at
 *       itself, 5 ancestors at most, 6 bytes at which the page ends, then the channels
 * Result  {nonce, where to go on, or "" at the end, {channel, value, ...}, {{name, write, ...}, ...}}
 *
 * Writes come one table for each ancestor, newest first. Those of the ancestor with the value are among them: they
 * were made upon it.
 */
import { defineScript, lua } from "../script.ts"
import { fields } from "./fields.ts"
import { tuple } from "./tuple.ts"

const body = lua`
local ns, ancestors_max, bytes_max = ARGV[2], tonumber(ARGV[5]), tonumber(ARGV[6])
local wanted, missing = {}, #ARGV - 6
for i = 7, #ARGV do wanted[ARGV[i]] = true end

local function begin()
  local id = ARGV[3] ~= "" and ARGV[3] or get(head_field(ns))
  if ARGV[4] == "here" then return id end
  local record = id and get_checkpoint(ns, id)
  return record and (open_checkpoint(record))
end

-- Adds the values that the checkpoint has of the channels still wanted, which are not wanted then any more.
local function take_values(versions, values)
  each_version(versions, function(name, channel)
    local value = wanted[channel] and get(value_field(ns, name))
    if value then
      values[#values + 1] = channel
      values[#values + 1] = value
      wanted[channel] = nil
      missing = missing - 1
    end
  end)
end

local at, nearest, values, blocks, bytes, seen = begin(), math.huge, {}, {}, 0, 0
while at and at ~= "" and missing > 0 do
  local record, ordinal = get_checkpoint(ns, at), ordinal_of(ns, at)
  if not record or ordinal >= nearest then break end
  if seen >= ancestors_max or bytes >= bytes_max then return { ARGV[1], at, values, blocks } end
  local parent, versions = open_checkpoint(record)
  local block = writes_of(ns, at, wanted)
  blocks[#blocks + 1] = block
  take_values(versions, values)
  bytes, seen = bytes + bytes_of(block), seen + 1
  at, nearest = parent, ordinal
end
return { ARGV[1], "", values, blocks }
`

export const deltaHistoryScript = defineScript("delta-history", [fields, tuple, body], { readOnly: true })
