/**
 * Reads a page of a thread's checkpoints, the one put last first.
 *
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce, 2 where to go on, or "+inf", 3 "1" to read one namespace only, 4 that namespace,
 *       5 the only id to find, or "", 6 the id that all found are below, or "", 7 tuples at most,
 *       8 bytes at which the page ends, 9 checkpoints to look at, at most
 * Result  {nonce, where to go on, or "" at the end, {tuple, ...}}
 */
import { defineScript, lua } from "../script.ts"
import { fields } from "./fields.ts"
import { tuple } from "./tuple.ts"

const body = lua`
local one_ns, only, before = ARGV[3] == "1", ARGV[5], ARGV[6]
local tuples_max, bytes_max, looks = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]

-- Byte by byte: Lua's own comparison follows the locale of the server.
local function is_below(a, b)
  for i = 1, math.min(#a, #b) do
    if a:byte(i) ~= b:byte(i) then return a:byte(i) < b:byte(i) end
  end
  return #a < #b
end

local function is_wanted(ns, id)
  if one_ns and ns ~= ARGV[4] then return false end
  return (only == "" or id == only) and (before == "" or is_below(id, before))
end

local members = redis.call("ZREVRANGEBYSCORE", order, ARGV[2], "-inf", "WITHSCORES", "LIMIT", 0, looks)
local found, bytes = {}, 0
for i = 1, #members, 2 do
  local ns, id = place_of(members[i])
  if is_wanted(ns, id) then
    found[#found + 1] = tuple_of(ns, id, get_checkpoint(ns, id))
    bytes = bytes + bytes_of(found[#found])
  end
  if #found >= tuples_max or bytes >= bytes_max then return { ARGV[1], "(" .. members[i + 1], found } end
end
local is_end = #members / 2 < tonumber(looks)
return { ARGV[1], is_end and "" or "(" .. members[#members], found }
`

export const listScript = defineScript("list", [fields, tuple, body], { readOnly: true })
