/**
 * Whether who writes still owns the thread. ARGV[2] is the field of the hash KEYS[3] that says who does, ARGV[3] the
 * text that it has to begin with; empty: the writer does not say who it is, and is not asked.
 */
import { lua } from "../script.ts"

export const fence = lua`
local is_owned = ARGV[3] ~= ""

local function is_refused()
  if not is_owned then return false end
  local current = redis.call("HGET", KEYS[3], ARGV[2])
  return not (current and string.find(current, ARGV[3], 1, true) == 1)
end
`
