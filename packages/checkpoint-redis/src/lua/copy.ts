/** The two scripts that copy a thread. Its keys hold nothing of the thread's name, so they are copied as they are. */
import { defineScript, lua } from "../script.ts"
import { fields } from "./fields.ts"
import { forget } from "./forget.ts"
import { truncate } from "./truncate.ts"

/**
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce
 * Result  {nonce, both keys as DUMP gives them}, or {nonce} without such a thread
 */
const dumpBody = lua`
if redis.call("EXISTS", order) == 0 then return { ARGV[1] } end
return { ARGV[1], redis.call("DUMP", thread), redis.call("DUMP", order) }
`

/**
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce, 2 ttl in ms or 0, 3 and 4 what the other script gave, 5 the checkpoint of the root namespace that the
 *       copy ends with (see truncate.ts), or "" for everything
 * Result  {nonce, "restored"}, {nonce, "exists"} where there is a thread already, or {nonce, "missing"} without such a
 *         checkpoint; then there is no copy
 */
const restoreBody = lua`
if redis.call("EXISTS", thread, order) > 0 then return { ARGV[1], "exists" } end
redis.call("RESTORE", thread, ARGV[2], ARGV[3])
redis.call("RESTORE", order, ARGV[2], ARGV[4])
if ARGV[5] ~= "" then
  local last = ordinal_of("", ARGV[5])
  if not last then
    redis.call("UNLINK", thread, order)
    return { ARGV[1], "missing" }
  end
  truncate(last)
end
return { ARGV[1], "restored" }
`

export const dumpScript = defineScript("dump-thread", [fields, dumpBody], { readOnly: true })
export const restoreScript = defineScript("restore-thread", [fields, forget, truncate, restoreBody])
