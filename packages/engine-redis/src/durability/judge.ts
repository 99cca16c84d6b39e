/** Compares a server with what is asked of it. Pure: the same facts, the same findings. (SPEC STO4) */
import type { Demand, Durability } from "./durability.ts"
import type { ServerFacts } from "./facts.ts"
import type { Finding, FindingLevel } from "./finding.ts"
import type { Mender } from "./mend.ts"
import type { Rule } from "./rule.ts"
import {
  appendfsync,
  appendOnlyFile,
  failedWrites,
  fsyncOnRewrite,
  snapshotErrors,
  truncatedFile,
} from "./rules-disk.ts"
import { eviction, memoryBound } from "./rules-memory.ts"
import { failover, minReplicas, replicas } from "./rules-replicas.ts"
import { coverage, role, settings, subscriberBuffer, version } from "./rules-server.ts"

const rules: readonly Rule[] = [
  ...[version, role, settings, eviction, memoryBound],
  ...[appendOnlyFile, appendfsync, fsyncOnRewrite, truncatedFile, snapshotErrors, failedWrites],
  ...[replicas, failover, minReplicas, coverage, subscriberBuffer],
]

const order: readonly FindingLevel[] = ["refusal", "warning", "note", "ok"]

/** @returns the findings, the gravest first. */
export function judgeServer(facts: ServerFacts, demand: Demand, mender: Mender): readonly Finding[] {
  const found = rules.map((rule) => rule(facts, demand, mender)).filter((finding) => finding !== undefined)
  return found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
}

/** What is of a master only, or of those that it leads. */
const mastersOwn: readonly Finding["about"][] = ["role", "replicas", "failover", "min-replicas"]

/** @returns what would be found if this replica had become the master. It is none yet, so nothing is refused for it. */
export function judgeReplica(facts: ServerFacts, demand: Demand, mender: Mender): readonly Finding[] {
  return judgeServer(facts, demand, mender)
    .filter(({ about }) => !mastersOwn.includes(about))
    .map((finding) => (finding.level === "refusal" ? { ...finding, level: "warning" } : finding))
}

/** The strongest first. */
const levels: readonly Durability[] = ["replicated", "fsync", "everysec", "memory"]

/** @returns the strongest level below the one that is asked for on which a node would start; `undefined` if on none. */
export function lesserFit(facts: ServerFacts, demand: Demand, mender: Mender): Durability | undefined {
  const isFit = (durability: Durability) =>
    judgeServer(facts, { ...demand, durability }, mender).every(({ level }) => level !== "refusal")
  return levels.slice(levels.indexOf(demand.durability) + 1).find(isFit)
}

/** @returns a finding on one line, and the commands that mend it below. */
export function complaintOf({ found, why, mend }: Finding): string {
  return [`${found.en}: ${why.en}.`, ...mend.map(({ en }) => `    ${en}`)].join("\n")
}
