/**
 * The two scripts that copy a thread. Its keys hold nothing of the thread's name, so they are copied as they are: field
 * by field, because RESTORE is more than a user of the store has to be allowed, and not every server takes what another
 * version has dumped.
 */
import { defineScript, lua } from "../script.ts"
import { fields } from "./fields.ts"
import { forget } from "./forget.ts"
import { lifetime } from "./lifetime.ts"
import { truncate } from "./truncate.ts"

/**
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce
 * Result  {nonce, {field, value, ...}, {member, ordinal, ...}}, or {nonce} without such a thread
 */
const dumpBody = lua`
if redis.call("EXISTS", order) == 0 then return { ARGV[1] } end
return { ARGV[1], redis.call("HGETALL", thread), redis.call("ZRANGE", order, 0, -1, "WITHSCORES") }
`

/**
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce, 2 how many arguments the fields take up, 3 the checkpoint of the root namespace that the copy ends with (see
 *       truncate.ts), or "" for everything, 4 ttl in ms or 0, then what the other script gave: fields, members
 * Result  {nonce, "restored"}, {nonce, "exists"} where there is a thread already, or {nonce, "missing"} without such a
 *         checkpoint; then there is no copy
 */
const restoreBody = lua`
if redis.call("EXISTS", thread, order) > 0 then return { ARGV[1], "exists" } end
local first_member = 5 + tonumber(ARGV[2])
for i = 5, first_member - 1, 2 do redis.call("HSET", thread, ARGV[i], ARGV[i + 1]) end
for i = first_member, #ARGV, 2 do redis.call("ZADD", order, ARGV[i + 1], ARGV[i]) end
if ARGV[3] ~= "" then
  local last = ordinal_of("", ARGV[3])
  if not last then
    redis.call("UNLINK", thread, order)
    return { ARGV[1], "missing" }
  end
  truncate(last)
end
renew()
return { ARGV[1], "restored" }
`

export const dumpScript = defineScript("dump-thread", [fields, dumpBody], { readOnly: true })
export const restoreScript = defineScript("restore-thread", [fields, lifetime, forget, truncate, restoreBody])
