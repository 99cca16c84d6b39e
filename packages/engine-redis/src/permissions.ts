/**
 * Whether the user in the URL may do all that Everthread does, asked before anything is served.
 *
 * A script that lacks one permission in its middle has done what stands before it: so they are all asked for at once,
 * at the beginning. A test compares the list with what scripts call.
 */
import { EngineError } from "@everthread/engine"
import type { Link } from "./connection/link.ts"
import { refusalOf, ServerError } from "./connection/server-error.ts"
import { serverName } from "./connection/target.ts"
import type { Keys } from "./keys.ts"
import type { Topology } from "./topology/topology.ts"

/**
 * Each command that scripts call, as one that is well formed: `K` stands for a key, `C` for a channel. A server works
 * out the keys of what it is asked about, and Redis 7.0 ends itself over a command that lacks its arguments.
 */
const samples = `
  DEL K, EXISTS K, EXPIRE K 1, GET K, GETRANGE K 0 1, HDEL K f, HEXISTS K f, HGET K f, HGETALL K, HINCRBY K f 1,
  HMGET K f, HSCAN K 0, HSET K f v, INCR K, LINDEX K 0, LPOP K, MGET K, PEXPIRE K 1, RPUSH K v, SADD K v, SET K v,
  SMEMBERS K, SPUBLISH C v, SREM K v, TIME, XADD K 1-1 f v, XRANGE K - +, XTRIM K MINID 1, ZADD K 1 v,
  ZCARD K, ZCOUNT K 1 1, ZRANGEBYLEX K - +, ZRANGEBYSCORE K 1 1, ZREMRANGEBYRANK K 0 0, ZREMRANGEBYSCORE K 1 1,
  ZREVRANGEBYSCORE K 1 1, SSUBSCRIBE C, SUNSUBSCRIBE C`
  .split(",")
  .map((sample) => sample.trim())

export const commandsAsked: readonly string[] = samples.map((sample) => sample.split(" ")[0] ?? "")

const question = `
local refused = {}
for i = 2, #ARGV do
  local words = {}
  for word in string.gmatch(ARGV[i], '%S+') do
    words[#words + 1] = word == 'K' and ARGV[1] .. ':x' or word == 'C' and ARGV[1] or word
  end
  if not redis.acl_check_cmd(unpack(words)) then refused[#refused + 1] = words[1] end
end
return refused`

/** @throws EngineError `unusable` that names what is missing. */
export async function assertPermitted(topology: Topology, keys: Keys): Promise<void> {
  for (const { link, partitions } of topology.masters()) {
    const [partition = 0] = partitions
    if (link) await assertPermittedOn(link, keys.channel(partition))
  }
}

async function assertPermittedOn(link: Link, channel: string): Promise<void> {
  const refused = await link.send(["EVAL", question, "0", channel, ...samples]).catch((error: unknown) => {
    throw error instanceof ServerError ? refusalOf(error, "EVAL", link.address) : error
  })
  if (!Array.isArray(refused) || refused.length === 0) return
  const missing = refused.join(", ")
  const what = `its user may not use ${missing} on what begins with ${JSON.stringify(channel.split("{")[0])}`
  throw new EngineError("unusable", `Redis at ${serverName(link.address)}: ${what}. ${toGrant}`)
}

const toGrant = "docs/redis.md has the ACL rule that suffices."
