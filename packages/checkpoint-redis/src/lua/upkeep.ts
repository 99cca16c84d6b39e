/** The scripts for whole threads: pruning, truncating, deleting. */
import { defineScript, lua } from "../script.ts"
import { fence } from "./fence.ts"
import { fields } from "./fields.ts"
import { forget } from "./forget.ts"
import { prune } from "./prune.ts"
import { seeds } from "./seeds.ts"
import { truncate } from "./truncate.ts"

/**
 * Keeps the newest checkpoints of a thread.
 *
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce, 2 how many to keep, at least 1
 * Result  {nonce, how many went}
 */
const pruneBody = lua`
return { ARGV[1], prune(tonumber(ARGV[2])) }
`

/**
 * Makes a thread what it was when a checkpoint had just been put: see truncate.ts.
 *
 * KEYS  1 thread, 2 order, 3 the hash that says who owns the thread (only with a fence)
 * ARGV  1 nonce, 2 field of the fence, 3 its text or "", 4 namespace, 5 id
 * Result  {nonce, "truncated", how many went}, {nonce, "fenced"}, or {nonce, "missing"} without such a checkpoint
 */
const truncateBody = lua`
if is_refused() then return { ARGV[1], "fenced" } end
local last = ordinal_of(ARGV[4], ARGV[5])
if not last then return { ARGV[1], "missing" } end
return { ARGV[1], "truncated", truncate(last) }
`

/**
 * Deletes a thread.
 *
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce
 * Result  {nonce}
 */
const deleteBody = lua`
redis.call("UNLINK", thread, order)
return { ARGV[1] }
`

export const pruneScript = defineScript("prune", [fields, seeds, forget, prune, pruneBody])
export const truncateScript = defineScript("truncate-after", [fields, fence, forget, truncate, truncateBody])
export const deleteScript = defineScript("delete-thread", [fields, deleteBody])
