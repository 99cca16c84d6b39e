/**
 * Compares every master with what is asked of it: all of them before the engine serves, and each one anew whenever
 * it is connected again, because a failover may have brought up one that is configured worse. (SPEC STO4)
 *
 * At the start a refusal is an error. Later it is told, and stands in the engine's status: a node that ended itself
 * then would take its sockets with it and help nobody.
 */
import { EngineError } from "@everthread/engine"
import type { Link } from "../connection/link.ts"
import { type ServerAddress, serverName, type Target } from "../connection/target.ts"
import type { Topology } from "../topology/topology.ts"
import type { Demand } from "./durability.ts"
import type { ServerFacts } from "./facts.ts"
import type { Finding } from "./finding.ts"
import { complaintOf, judgeServer, lesserFit } from "./judge.ts"
import { mender } from "./mend.ts"
import { readFacts } from "./read-facts.ts"

/** One server as it was found. */
export interface ServerReport {
  readonly address: ServerAddress
  readonly facts: ServerFacts
  readonly findings: readonly Finding[]
}

export interface MasterWatchSetup {
  readonly topology: Topology
  readonly target: Target
  readonly demand: Demand
  /** Told of every master that was looked at. */
  readonly report: (report: ServerReport) => void
}

export interface MasterWatch {
  /** @throws EngineError `unusable` with every refusal, `unavailable` if a master cannot be asked. */
  assertUsable(): Promise<void>
  /** What would be refused at a start, for people; `undefined` if nothing is. */
  concern(): string | undefined
  close(): void
}

export function watchMasters({ topology, target, demand, report }: MasterWatchSetup): MasterWatch {
  const seen = new WeakSet<Link>()
  const refused = new Map<string, string>()
  let stop = () => {}

  async function look(link: Link): Promise<void> {
    seen.add(link)
    const facts = await readFacts(link)
    const mending = mender(facts, link.address, target)
    const findings = judgeServer(facts, demand, mending)
    const refusals = findings.filter(({ level }) => level === "refusal")
    const name = serverName(link.address)
    const lesser = lesserFit(facts, demand, mending)
    const asItIs = lesser ? [`As it is, it is fit for redis.durability ${lesser}, which may lose more.`] : []
    if (refusals.length > 0) refused.set(name, [...refusals.map(complaintOf), ...asItIs].join("\n  "))
    else refused.delete(name)
    report({ address: link.address, facts, findings })
  }

  const links = () => topology.masters().flatMap(({ link }) => (link ? [link] : []))

  function lookAtNew(): void {
    const masters = new Set(topology.masters().map(({ address }) => serverName(address)))
    for (const name of refused.keys()) if (!masters.has(name)) refused.delete(name)
    // One that gives no answer is about to be replaced, and looked at then.
    for (const link of links()) if (!seen.has(link)) look(link).catch(() => undefined)
  }

  return {
    async assertUsable() {
      await Promise.all(links().map(look))
      if (refused.size > 0) throw new EngineError("unusable", refusalOf(refused, demand))
      stop = topology.onChange(lookAtNew)
      lookAtNew()
    },
    concern: () => (refused.size > 0 ? refusalOf(refused, demand) : undefined),
    close: () => stop(),
  }
}

function refusalOf(refused: ReadonlyMap<string, string>, { durability }: Demand): string {
  const parts = [...refused].map(
    ([name, text]) => `Redis at ${name} is not fit for durability ${durability}:\n  ${text}`,
  )
  return parts.join("\n")
}
