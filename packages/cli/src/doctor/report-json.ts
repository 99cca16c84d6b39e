/** What was found, for programs. Names and levels stay; texts are English and may change. */
import { type Examination, type ExaminedServer, type Percentiles, serverName } from "@everthread/engine-redis"
import { isFit } from "./verdict.ts"

export function reportJson(examination: Examination, durability: string): object {
  const { kind, servers, problems } = examination
  return { fit: isFit(examination), durability, kind, servers: servers.map(serverOf), problems }
}

function serverOf({ address, facts, failure, findings, ping, append }: ExaminedServer): object {
  return {
    address: serverName(address),
    ...(facts ? factsOf(facts) : { failure }),
    findings: findings.map(({ level, about, found, why, mend }) => ({
      ...{ level, about, found: found.en, why: why.en, mend: mend.map(({ en }) => en) },
    })),
    ...(ping ? { pingMs: rounded(ping) } : {}),
    ...(append ? { appendMs: rounded(append) } : {}),
  }
}

const rounded = ({ p50, p99 }: Percentiles) => ({ p50: Number(p50.toFixed(3)), p99: Number(p99.toFixed(3)) })

function factsOf({ role, settings, ...facts }: NonNullable<ExaminedServer["facts"]>): object {
  return {
    role: role.kind,
    ...(role.kind === "replica"
      ? { of: serverName(role.of) }
      : { replicas: role.replicas.map(({ address, isOnline }) => ({ address: serverName(address), isOnline })) }),
    ...facts,
    settings: Object.fromEntries(settings),
  }
}
