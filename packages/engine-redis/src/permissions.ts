/**
 * Whether the user in the URL may do all that Everthread does, asked before anything is served.
 *
 * A script that lacks one permission in its middle has done what stands before it. What scripts call is read from
 * their own texts, so that no list can be out of date.
 */
import { EngineError } from "@everthread/engine"
import { type Link, ServerError } from "./connection/link.ts"
import { refusalOf } from "./connection/server-error.ts"
import { textOf } from "./connection/target.ts"
import type { Keys } from "./keys.ts"
import { scripts } from "./script.ts"
import type { Topology } from "./topology/topology.ts"

/** Called by a name that stands in an argument, or outside of scripts. */
const others = ["HGETALL", "SMEMBERS", "EVALSHA", "SSUBSCRIBE", "SUNSUBSCRIBE"]
const onChannels = new Set(["SPUBLISH", "SSUBSCRIBE", "SUNSUBSCRIBE"])

const question = `
local refused = {}
for i = 3, #ARGV do
  local place = string.find(ARGV[2], ' ' .. ARGV[i] .. ' ', 1, true) and ARGV[1] or ARGV[1] .. ':x'
  local known, allowed = pcall(redis.acl_check_cmd, ARGV[i], place)
  if known and not allowed then refused[#refused + 1] = ARGV[i] end
end
return refused`

/** @returns every command that a script calls by its name. */
export function commandsOfScripts(): string[] {
  const texts = Object.values(scripts).map(({ lua }) => lua)
  return texts.flatMap((lua) => [...lua.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name = ""]) => name))
}

/** @throws EngineError `unusable` that names what is missing. */
export async function assertPermitted(topology: Topology, keys: Keys): Promise<void> {
  for (const { link, partitions } of topology.masters()) {
    const [partition = 0] = partitions
    if (link) await assertPermittedOn(link, keys.channel(partition))
  }
}

async function assertPermittedOn(link: Link, channel: string): Promise<void> {
  const commands = [...new Set([...commandsOfScripts(), ...others])]
  const args = [channel, ` ${[...onChannels].join(" ")} `, ...commands]
  const refused = await link.send(["EVAL", question, "0", ...args]).catch((error: unknown) => {
    throw error instanceof ServerError ? refusalOf(error, "EVAL", link.address) : error
  })
  if (!Array.isArray(refused) || refused.length === 0) return
  const missing = refused.join(", ")
  const what = `its user may not use ${missing} on what begins with ${JSON.stringify(channel.split("{")[0])}`
  throw new EngineError("unusable", `Redis at ${textOf(link.address)}: ${what}. ${toGrant}`)
}

const toGrant = "docs/redis.md has the ACL rule that suffices."
