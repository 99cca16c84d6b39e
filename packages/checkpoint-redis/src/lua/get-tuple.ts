/**
 * Reads a checkpoint with everything that belongs to it.
 *
 * KEYS  1 thread, 2 order
 * ARGV  1 nonce, 2 namespace, 3 id, or "" for the newest
 * Result  {nonce, tuple}, or {nonce} where there is none; tuples are explained in tuple.ts
 */
import { defineScript, lua } from "../script.ts"
import { fields } from "./fields.ts"
import { tuple } from "./tuple.ts"

const body = lua`
local ns = ARGV[2]
local id = ARGV[3] ~= "" and ARGV[3] or get(head_field(ns))
local record = id and get_checkpoint(ns, id)
if not record then return { ARGV[1] } end
return { ARGV[1], tuple_of(ns, id, record) }
`

export const getTupleScript = defineScript("get-tuple", [fields, tuple, body], { readOnly: true })
