/**
 * Opens a Redis to look at what an engine keeps there, beside the nodes that use it.
 *
 * It asks with the scripts that only read, at the masters, and needs no right to write: a user who lacks it can look.
 * It subscribes to nothing, waits for no replicas and leaves nothing behind. What it sees may be lost to a failover.
 */
import type { EngineReader } from "@everthread/engine"
import { statusBoard } from "@everthread/engine/parts"
import { type Clock, startCursor, systemClock, systemRandom } from "@everthread/protocol"
import { type LinkOptions, openLink } from "./connection/link.ts"
import { parseRedisUrl } from "./connection/redis-url.ts"
import { type ServerAddress, serverName, wayToSentinels } from "./connection/target.ts"
import { directory } from "./directory.ts"
import { type Keys, keysWith } from "./keys.ts"
import { leases } from "./leases.ts"
import { archivedAfter, archivedBefore, archivedCount } from "./log/archive.ts"
import { headOf, metaFields, readLog, repeated, snapshotAndHead } from "./log/read.ts"
import type { RedisEngineOptions } from "./open.ts"
import { type ForeignRunner, foreignRunner } from "./script-runner.ts"
import { openStore, type Store } from "./store.ts"
import type { LinkOpener } from "./topology/kept-link.ts"
import { openTopology } from "./topology/open-topology.ts"
import { wallTime } from "./wall-time.ts"

export type RedisReaderOptions = Pick<RedisEngineOptions, "url" | "prefix" | "clock" | "random" | "keyTtlMs">

export interface RedisReader extends EngineReader {
  /** For the checkpoint saver, which reads on the same connections: scripts that write are refused. */
  readonly scripts: ForeignRunner
}

/** Longer than a node waits: nobody waits for a node here, and a look may come while the server is busy. */
const deadlineMs = 10_000
const defaults = {
  prefix: "everthread",
  clock: systemClock,
  random: systemRandom,
  keyTtlMs: 24 * 60 * 60 * 1_000,
}

/** @throws EngineError `unavailable` if Redis cannot be reached, `unusable` if what is there is not what the URL says. */
export async function openRedisReader(options: RedisReaderOptions): Promise<RedisReader> {
  const { url, prefix, clock, random, keyTtlMs } = { ...defaults, ...options }
  const target = parseRedisUrl(url)
  const keys = keysWith(prefix)
  const open = (name: string, way: LinkOptions["target"] = target): LinkOpener["open"] => {
    return (address: ServerAddress, lost) => openLink({ address, target: way, clock, deadlineMs, name, lost })
  }
  const opener: LinkOpener = { clock, random, open: open(`${prefix}-reader`), reconnected() {} }
  const sentinels = { ...opener, open: open(`${prefix}-sentinel`, wayToSentinels(target)) }
  const topology = await openTopology({ target, opener, sentinels, deadlineMs })
  const probeKey = (partition: number) => keys.other(partition, "x", "probe")
  const store = openStore({ clock, random, topology, status: statusBoard(), deadlineMs, probeKey })
  return {
    ...portsOf(store, keys, { clock, keyTtlMs }),
    description: `Redis at ${target.seeds.map(serverName).join(", ")} (${topology.kind})`,
  }
}

function portsOf(store: Store, keys: Keys, { clock, keyTtlMs }: { clock: Clock; keyTtlMs: number }) {
  const periods = { now: () => clock.now(), keyTtlMs }
  const nobody = { post() {}, durable: async () => {} }
  return {
    scripts: readingScripts(foreignRunner(store, keys, nobody.durable)),
    log: logReader(store, keys, periods),
    directory: directory({ store, keys, sender: "", ...nobody }),
    leases: leases({ store, keys, ...nobody }),
    wallTime: wallTime(store, keys),
    close: store.close,
  }
}

function logReader(store: Store, keys: Keys, periods: Parameters<typeof repeated>[2]): EngineReader["log"] {
  return {
    read: (conversation, after, max) => readLog(store, keys, conversation, after, max),
    async head(conversation) {
      const [state] = await metaFields(store, keys, conversation, ["s"])
      return headOf(state)
    },
    async keptAfter(conversation) {
      const [state, trimmed] = await metaFields(store, keys, conversation, ["s", "t"])
      return state ? (trimmed ?? startCursor) : undefined
    },
    snapshot: async (conversation) => (await snapshotAndHead(store, keys, conversation)).snapshot,
    archived: (conversation, before, max) => archivedBefore(store, keys, conversation, before, max),
    archivedAfter: (conversation, after, max) => archivedAfter(store, keys, conversation, after, max),
    archivedCount: (conversation) => archivedCount(store, keys, conversation),
    repeated: (conversation, key) => repeated(store, keys, periods, conversation, key),
    async value(conversation, name) {
      const [value] = await metaFields(store, keys, conversation, [`v:${name}`])
      return value ?? null
    },
  }
}

function readingScripts(runner: ForeignRunner): ForeignRunner {
  const refused = async () => {
    throw new Error("The store was opened to look at it, and is not written to.")
  }
  return {
    ...runner,
    run: (script, ...rest) => (script.readOnly ? runner.run(script, ...rest) : refused()),
    runWith: refused,
  }
}
