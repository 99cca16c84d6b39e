/**
 * Looks at a deployment's servers, all of them, without changing anything: what they are, how they are configured,
 * what that means for the durability that is asked for, and how long they take. For `everthread doctor`.
 */
import type { Clock, Random } from "@everthread/protocol"
import { type Link, openLink } from "../connection/link.ts"
import { parseRedisUrl } from "../connection/redis-url.ts"
import { saidBy } from "../connection/server-error.ts"
import { isSame, type ServerAddress, serverName, type Target, wayToSentinels } from "../connection/target.ts"
import { type Keys, keysWith } from "../keys.ts"
import { assertPermitted } from "../permissions.ts"
import type { LinkOpener } from "../topology/kept-link.ts"
import { openTopology } from "../topology/open-topology.ts"
import { openSeed } from "../topology/seed.ts"
import type { Master, Topology } from "../topology/topology.ts"
import type { Demand, Durability } from "./durability.ts"
import type { ServerFacts } from "./facts.ts"
import type { Finding } from "./finding.ts"
import { judgeReplica, judgeServer, lesserFit } from "./judge.ts"
import { mender } from "./mend.ts"
import { readFacts } from "./read-facts.ts"
import { measureAppend, measurePing, type Percentiles } from "./round-trips.ts"

export interface ExamineOptions {
  /** See `parseRedisUrl`. */
  readonly url: string
  readonly prefix: string
  readonly demand: Demand
  readonly clock: Clock
  readonly random: Random
  readonly deadlineMs: number
}

export interface Examination {
  readonly kind: Topology["kind"]
  readonly servers: readonly ExaminedServer[]
  /** What else stands in the way of serving: missing rights, refused writes. One sentence each. */
  readonly problems: readonly string[]
}

export interface ExaminedServer {
  readonly address: ServerAddress
  /** `undefined`: it could not be asked. */
  readonly facts: ServerFacts | undefined
  /** Why it could not be asked. */
  readonly failure: string | undefined
  readonly findings: readonly Finding[]
  /** Of masters: the strongest level below the one that is asked for on which a node would start. */
  readonly lesser: Durability | undefined
  /** Of masters. */
  readonly ping: Percentiles | undefined
  readonly append: Percentiles | undefined
}

interface Look extends ExamineOptions {
  readonly target: Target
  readonly keys: Keys
  readonly open: (address: ServerAddress) => Promise<Link>
  readonly problems: string[]
}

/** @throws EngineError if nothing can be looked at: the servers cannot be reached, or let nobody in. */
export async function examineRedis(options: ExamineOptions): Promise<Examination> {
  const { prefix, clock, random, deadlineMs } = options
  const target = parseRedisUrl(options.url)
  const linkTo = (way: Parameters<typeof openLink>[0]["target"]): LinkOpener["open"] => {
    return (address, lost) => openLink({ address, target: way, clock, deadlineMs, name: `${prefix}-doctor`, lost })
  }
  const opener: LinkOpener = { clock, random, open: linkTo(target), reconnected: () => {} }
  const sentinels = { ...opener, open: linkTo(wayToSentinels(target)) }
  const open = (address: ServerAddress) => opener.open(address, () => undefined)
  const look: Look = { ...options, target, keys: keysWith(prefix), open, problems: [] }
  const alone = target.sentinel ? undefined : await replicaAlone(look)
  if (alone) return { kind: "standalone", servers: [alone], problems: [] }
  const topology = await openTopology({ target, opener, sentinels, deadlineMs: deadlineMs * 2 })
  try {
    return await examineAll(topology, look)
  } finally {
    topology.close()
  }
}

/** A single server that is a replica is looked at all the same: what it is says more than that it will not do. */
async function replicaAlone(look: Look): Promise<ExaminedServer | undefined> {
  const { link, mode } = await openSeed(look.target, look.open)
  try {
    if (mode !== "standalone") return undefined
    const facts = await readFacts(link)
    if (facts.role.kind === "master") return undefined
    return { ...looked(link, facts, look, judgeServer), ping: undefined, append: undefined }
  } finally {
    link.close()
  }
}

async function examineAll(topology: Topology, look: Look): Promise<Examination> {
  await assertPermitted(topology, look.keys).catch((error: unknown) => look.problems.push(textOf(error)))
  const servers: ExaminedServer[] = []
  // One after the other: what each one takes is measured.
  for (const master of topology.masters()) {
    const examined = await examineMaster(master, look)
    const { role } = examined.facts ?? {}
    servers.push(examined)
    for (const { address } of role?.kind === "master" ? role.replicas : []) {
      if (!servers.some((other) => isSame(other.address, address))) servers.push(await examineReplica(address, look))
    }
  }
  return { kind: topology.kind, servers, problems: look.problems }
}

async function examineMaster({ address, partitions, link }: Master, look: Look): Promise<ExaminedServer> {
  if (!link) return unseen(address, "its connection was lost")
  const facts = await readFacts(link)
  const [partition] = partitions
  const setup = { ...look, link, partition: partition ?? 0 }
  const ping = await measurePing(setup)
  const append =
    partition === undefined
      ? undefined
      : await measureAppend(setup).catch((error: unknown) => {
          look.problems.push(`Redis at ${serverName(address)} takes no writes: ${saidBy(textOf(error))}`)
          return undefined
        })
  const lesser = lesserFit(facts, look.demand, mender(facts, address, look.target))
  return { ...looked(link, facts, look, judgeServer), lesser, ping, append }
}

async function examineReplica(address: ServerAddress, look: Look): Promise<ExaminedServer> {
  let link: Link | undefined
  try {
    link = await look.open(address)
    return looked(link, await readFacts(link), look, judgeReplica)
  } catch (error) {
    return unseen(address, textOf(error))
  } finally {
    link?.close()
  }
}

function looked(link: Link, facts: ServerFacts, look: Look, judge: typeof judgeServer): ExaminedServer {
  const { address } = link
  const findings = judge(facts, look.demand, mender(facts, address, look.target))
  const none = { failure: undefined, lesser: undefined, ping: undefined, append: undefined }
  return { address, facts, findings, ...none }
}

const unseen = (address: ServerAddress, failure: string): ExaminedServer => ({
  ...{ address, failure, facts: undefined, findings: [], lesser: undefined, ping: undefined, append: undefined },
})

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
