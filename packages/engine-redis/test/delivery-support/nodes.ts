/** Engines on one store, as nodes have them, and short ways to write. */
import type { AppendRequest, Engine } from "@everthread/engine"
import { freshNonce } from "@everthread/engine"
import { systemRandom } from "@everthread/protocol"
import { openRedisEngine, type RedisEngine, type RedisEngineOptions } from "../../src/index.ts"

export const bodyNamed = (text: string): string => JSON.stringify({ type: "message", text })
export const nonce = (): string => freshNonce(systemRandom)
export const freshId = (): string => `conversation-${systemRandom.id(10)}`

export interface Node {
  readonly engine: RedisEngine
  /** Subscriber connections that took the place of another one. */
  replaced(): number
}

export async function startNode(url: string, options: Omit<RedisEngineOptions, "url"> = {}): Promise<Node> {
  const engine = await openRedisEngine({ url, deadlineMs: 1_000, durability: "everysec", ...options })
  let replaced = 0
  engine.observe({
    roundTrip() {},
    reconnected: (connection) => {
      if (connection === "subscriber") replaced += 1
    },
  })
  return { engine, replaced: () => replaced }
}

/** Begins a conversation with an entry `begin`. @returns its id. */
export async function begin(engine: Engine, conversation = freshId()): Promise<string> {
  await engine.log.create({ conversation, nonce: nonce(), bodies: [bodyNamed("begin")], members: [] })
  return conversation
}

export const append = (engine: Engine, conversation: string, name: string, more: Partial<AppendRequest> = {}) =>
  engine.log.append({ conversation, nonce: nonce(), bodies: [bodyNamed(name)], ...more })

/** Sends as a device does: again with the same key until it is acknowledged. */
export async function send(engine: Engine, conversation: string, name: string): Promise<void> {
  for (;;) {
    try {
      const result = await append(engine, conversation, name, { idempotency: { key: name, digest: name } })
      if (result.status === "appended" || result.status === "duplicate") return
      throw new Error(`${name} was refused: ${result.status}`)
    } catch (error) {
      if (!(error instanceof Error && error.name === "EngineError")) throw error
      await new Promise((resolve) => void setTimeout(resolve, 20))
    }
  }
}
