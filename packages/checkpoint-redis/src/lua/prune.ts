/**
 * Keeping the newest checkpoints, and what they are made of.
 *
 * A namespace with a ":" belongs to one task of one superstep; it goes with the superstep. Every other one, the root
 * above all, lasts: each keeps as many checkpoints as were asked for, and what their delta channels begin at.
 */
import { lua } from "../script.ts"

export const prune = lua`
local function lasts(ns) return not string.find(ns, ":", 1, true) end

-- For each lasting namespace the first ordinal that has to stay, and the root's without regard to delta channels.
local function bounds_of(members, keep)
  local counts, floors, cutoff = {}, {}, 0
  for i = 1, #members, 2 do
    local ns, id = place_of(members[i])
    counts[ns] = (counts[ns] or 0) + 1
    if lasts(ns) and counts[ns] <= keep then
      local ordinal = tonumber(members[i + 1])
      floors[ns] = math.min(floors[ns] or ordinal, ordinal, first_seed(ns, id))
      if ns == "" then cutoff = ordinal end
    end
  end
  return floors, cutoff
end

-- How many checkpoints went.
local function prune(keep)
  local members = redis.call("ZREVRANGE", order, 0, -1, "WITHSCORES")
  local floors, cutoff = bounds_of(members, keep)
  local removed, kept = {}, {}
  for i = 1, #members, 2 do
    local floor = floors[place_of(members[i])] or cutoff
    local side = tonumber(members[i + 1]) < floor and removed or kept
    side[#side + 1] = members[i]
  end
  if #removed > 0 then forget(removed, kept) end
  return #removed
end
`
