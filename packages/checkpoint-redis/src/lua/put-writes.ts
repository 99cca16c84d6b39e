/**
 * Stores what a task wrote, whether or not its checkpoint is there yet.
 *
 * KEYS  1 thread, 2 order, 3 the hash that says who owns the thread (only with a fence)
 * ARGV  1 nonce, 2 field of the fence, 3 its text or "", 4 ttl in ms or 0, 5 namespace, 6 checkpoint, 7 task,
 *       then for each write: index, channel, write (a frame)
 * Result  {nonce, "stored" | "fenced"}
 *
 * An ordinary write is made once. Errors, interrupts and answers, whose index is negative, may follow each other.
 */
import { defineScript, lua } from "../script.ts"
import { fence } from "./fence.ts"
import { fields } from "./fields.ts"
import { lifetime } from "./lifetime.ts"

const body = lua`
local ns, id, task = ARGV[5], ARGV[6], ARGV[7]

if is_refused() then return { ARGV[1], "fenced" } end

local made, ordinal = {}, newest_ordinal()
for i = 8, #ARGV, 3 do
  local name = task .. "\0" .. ARGV[i]
  local command = tonumber(ARGV[i]) < 0 and "HSET" or "HSETNX"
  if redis.call(command, thread, write_field(ns, id, name), ARGV[i + 2]) == 1 then
    made[#made + 1] = write_entry(name, ARGV[i + 1], ordinal)
  end
end
if #made > 0 then
  redis.call("HSET", thread, writes_field(ns, id), (get(writes_field(ns, id)) or "") .. table.concat(made))
end
renew()
return { ARGV[1], "stored" }
`

export const putWritesScript = defineScript("put-writes", [fields, fence, lifetime, body])
