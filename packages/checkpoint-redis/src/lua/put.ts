/**
 * Stores a checkpoint and the values that are new in it.
 *
 * KEYS  1 thread, 2 order, 3 the hash that says who owns the thread (only with a fence)
 * ARGV  1 nonce, 2 field of the fence, 3 its text or "", 4 ttl in ms or 0, 5 checkpoints to keep or 0,
 *       6 namespace, 7 id, 8 parent or "", 9 channels known as delta channels, 10 channels that changed and have
 *       no value (each name closed by \0), 11 checkpoint (a frame), then for each new value: name
 *       (channel \0 version), frame of type and bytes
 * Result  {nonce, "stored" | "fenced" | "parent"}
 *
 * The same put twice changes nothing the second time. A writer with a fence continues the root namespace where it
 * ends, or is refused with "parent": either another one wrote, or the store has lost what this one builds on.
 * In a subgraph's namespace the parent has to be there.
 */
import { defineScript, lua } from "../script.ts"
import { fence } from "./fence.ts"
import { fields } from "./fields.ts"
import { forget } from "./forget.ts"
import { lifetime } from "./lifetime.ts"
import { prune } from "./prune.ts"
import { seeds } from "./seeds.ts"

const body = lua`
local keep, ns, id, parent = tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8]

local function continues()
  local head = get(head_field(ns)) or ""
  if head == id then return true end
  if ns == "" then return head == parent end
  return parent == "" or get_checkpoint(ns, parent)
end

if is_refused() then return { ARGV[1], "fenced" } end
if is_owned and not continues() then return { ARGV[1], "parent" } end

for i = 12, #ARGV, 2 do redis.call("HSET", thread, value_field(ns, ARGV[i]), ARGV[i + 1]) end
redis.call("HSET", thread, checkpoint_field(ns, id), ARGV[11])
if not ordinal_of(ns, id) then
  redis.call("ZADD", order, newest_ordinal() + 1, ns .. "\0" .. id)
  redis.call("HSET", thread, head_field(ns), id)
end
write_seeds(ns, id, parent, ARGV[9], ARGV[10])

-- Pruning looks at every checkpoint, so it waits until an eighth more has come together than it left the last time.
local room = "p" .. keep
if keep > 0 and redis.call("ZCARD", order) > tonumber(get(room) or keep) then
  prune(keep)
  redis.call("HSET", thread, room, math.floor(redis.call("ZCARD", order) * 9 / 8))
end
renew()
return { ARGV[1], "stored" }
`

export const putScript = defineScript("put", [fields, fence, lifetime, seeds, forget, prune, body])
