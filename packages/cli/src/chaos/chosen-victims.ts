/** Which nodes are meant, and that they may be harmed: both are settled before anything is connected to. */
import { type Permission, refusedHosts, type Victim, victimOf } from "@everthread/chaos/attack"
import { parseRedisUrl } from "@everthread/engine-redis"
import { UsageError } from "../failure.ts"
import type { ChaosFlags } from "./chaos-command.ts"
import type { ChaosTexts } from "./texts.ts"

/** @throws UsageError that says what to do next. */
export function chosenVictims(flags: ChaosFlags, texts: ChaosTexts): readonly Victim[] {
  if (flags.url === undefined) throw new UsageError(texts.noUrl)
  const victims = flags.url.map((url) => toVictim(url, texts))
  const permission: Permission = { mayHarm: flags.yesHarmIt === true, hosts: flags.host ?? [] }
  const hosts = [...victims.map(({ host }) => host), ...redisHosts(flags.redis)]
  const refused = refusedHosts(hosts, permission)
  if (refused.length > 0) throw new UsageError(texts.notHere(refused))
  return victims
}

/** What `chat` takes is taken here, too: `http` for `ws`, and the path of the native protocol. */
function toVictim(url: string, texts: ChaosTexts): Victim {
  const victim = victimOf(url.replace(/^http:/, "ws:").replace(/\/v1\/?$/, ""))
  if (victim === undefined) throw new UsageError(texts.badUrl(url))
  return victim
}

/** @throws EngineError for what is no address of a Redis. */
const redisHosts = (url: string | undefined): readonly string[] =>
  url === undefined ? [] : parseRedisUrl(url).seeds.map(({ host }) => host)
