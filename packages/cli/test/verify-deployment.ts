/** A deployment to be looked at: a node with agents on a store of its own, and people who write. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Conversation, createClient, socketsOf } from "@everthread/client"
import { freshNonce } from "@everthread/engine"
import type { RedisEngine } from "@everthread/engine-redis"
import { type EventBody, systemClock, systemRandom } from "@everthread/protocol"
import { loadConfig } from "@everthread/server/config"
import { createLog } from "@everthread/server/logging"
import { type RedisServer, startRedis } from "@everthread/stage"
import { WebSocket } from "ws"
import type { EmbeddedEngine } from "../../engine-embedded/src/open.ts"
import { compactionOf } from "../../server/src/core/compaction.ts"
import { foldLog } from "../../server/src/core/fold.ts"
import { findAgents } from "../src/serve/agent-source.ts"
import { type OpenedStore, openStore } from "../src/serve/open-store.ts"
import { type RunningNode, startNodeOn } from "../src/serve/start-node.ts"
import { agentFile } from "./serving.ts"
import { type Damage, damageEmbedded, damageRedis } from "./verify-damage.ts"

const parts = { clock: systemClock, random: systemRandom }
const quiet = { terminal: { isTTY: false, write: () => true }, clock: systemClock, secrets: [] }
/** Nobody is slowed down. */
const unlimited = { "rate-limit-sends": "1000000", "rate-limit-changes": "1000000" }
export const unlimitedFlags = Object.entries(unlimited).flatMap(([flag, value]) => [`--${flag}`, value])

export interface Deployment {
  readonly store: OpenedStore
  readonly node: RunningNode
  readonly redis: RedisServer | undefined
  readonly damage: Damage
  /** What `verify` is told of it. */
  readonly flags: readonly string[]
  readonly data: string
  stopNode(): Promise<void>
  /** The node goes, and the store is closed. */
  rest(): Promise<void>
  end(): Promise<void>
}

export async function deploy(kind: "embedded" | "Redis"): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-verify-"))
  const data = join(folder, "data")
  const redis = kind === "Redis" ? await startRedis({ users: [reader] }) : undefined
  const flags = { port: "0", data, graph: [`echo=${agentFile("echo")}:graph`], "drain-timeout": "1", ...unlimited }
  const { config } = loadConfig({ env: {}, flags: redis ? { ...flags, redis: redis.url } : flags })
  const log = createLog({ config: { ...config.logging, level: "error" }, ...quiet })
  const store = await openStore(config, { ...parts, log })
  const node = await startNodeOn(store, { config, source: findAgents(config, folder), log, ...parts })
  const { engine } = store
  const damage = redis ? damageRedis(engine as RedisEngine, redis) : damageEmbedded(engine as EmbeddedEngine)
  let [stopping, resting]: (Promise<void> | undefined)[] = []
  const stopNode = () => {
    stopping ??= node.stop()
    return stopping
  }
  const rest = () => {
    resting ??= stopNode().then(() => store.close())
    return resting
  }
  return {
    ...{ store, node, redis, damage, data, stopNode, rest },
    flags: redis ? ["--redis", redis.url.replace("//", "//reader:secret@")] : ["--data", data],
    async end() {
      await rest()
      await redis?.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A user of Redis who can write nothing at all. */
const reader = "reader on >secret ~* resetchannels -@all +@read +@connection +eval +evalsha +info +role +time"

export function device(port: number, user: string, id = "laptop") {
  return createClient({ url: `ws://127.0.0.1:${port}/v1`, user, device: id, socket: socketsOf(WebSocket) })
}

/** Resolves when the agent has answered. */
export async function ask(conversation: Conversation, text: string): Promise<void> {
  const { ref } = await conversation.send(text)
  await new Promise<void>((resolve) => {
    const look = () => {
      const { runs } = conversation.snapshot().state
      if (runs.some(({ message, status }) => message === ref && status === "completed")) resolve()
    }
    conversation.subscribe(look)
    look()
  })
}

/** Makes the fold a conversation's snapshot, as a node does, with another tail. */
export async function compact(
  { store }: Deployment,
  conversation: string,
  tailEntries: number,
  otherwise: { readonly trimThrough?: number } = {},
): Promise<void> {
  const folded = await foldLog(store.engine.log, conversation)
  if (!folded) throw new Error(`no conversation ${conversation}`)
  await store.engine.log.compact({ ...compactionOf(conversation, folded, tailEntries), ...otherwise })
}

/** So many messages of long ago, whose keys nobody remembers any more. */
export async function sayLongAgo({ store }: Deployment, conversation: string, name: string, count: number) {
  const message = { type: "message", time: 1_000, by: { user: "ada", device: "old" } } as const
  const bodies = Array.from({ length: count }, (_, at): EventBody => {
    return { ...message, id: `m${at}`, key: `old${at}`, text: `${name} ${at}` }
  })
  const texts = bodies.map((body) => JSON.stringify(body))
  await store.engine.log.append({ conversation, nonce: freshNonce(systemRandom), bodies: texts })
}

/** Appends what no device of a test says by itself. */
export async function append({ store }: Deployment, conversation: string, event: EventBody, openRun?: string) {
  const request = { conversation, nonce: freshNonce(systemRandom), bodies: [JSON.stringify(event)] }
  const runs = openRun === undefined ? {} : { runs: [{ run: openRun, state: "open" as const }] }
  const result = await store.engine.log.append({ ...request, ...runs })
  if (result.status !== "appended") throw new Error(result.status)
  return result
}
