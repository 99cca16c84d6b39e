/** Appends with idempotency keys, one after the other, and repeats each one with its key until it is acknowledged. */
import { setTimeout as pause } from "node:timers/promises"
import { type Engine, EngineError, freshNonce } from "@everthread/engine"
import { startCursor, systemRandom } from "@everthread/protocol"
import { expect } from "vitest"

export interface Writer {
  readonly acknowledged: readonly string[]
  /** What was thrown on the way, by code. */
  readonly failures: ReadonlyMap<string, number>
  /** The longest that one send took, with all its repeats. */
  readonly slowestMs: number
  /** Resolves when so many more have been acknowledged. */
  more(count: number): Promise<void>
  /** Resolves when the last one is acknowledged. */
  stop(): Promise<void>
}

const betweenMs = 5

export async function beginLog(engine: Engine, conversation: string): Promise<void> {
  const nonce = freshNonce(systemRandom)
  const { status } = await engine.log.create({ conversation, nonce, bodies: ['"begin"'], members: [] })
  expect(status).toBe("created")
}

export function startWriter(engine: Engine, conversation: string, name: string): Writer {
  const acknowledged: string[] = []
  const failures = new Map<string, number>()
  const waiting = new Set<() => void>()
  let slowestMs = 0
  let isStopped = false

  async function send(key: string): Promise<void> {
    const bodies = [JSON.stringify(key)]
    for (;;) {
      try {
        const nonce = freshNonce(systemRandom)
        const { status } = await engine.log.append({ conversation, nonce, bodies, idempotency: { key, digest: key } })
        expect(["appended", "duplicate"]).toContain(status)
        return
      } catch (error) {
        if (!(error instanceof EngineError) || error.code === "closed") throw error
        failures.set(error.code, (failures.get(error.code) ?? 0) + 1)
      }
    }
  }

  async function write(): Promise<void> {
    for (let index = 0; !isStopped; index++) {
      const key = `${name}-${index}`
      const startedAt = performance.now()
      await send(key)
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
      acknowledged.push(key)
      for (const check of [...waiting]) check()
      await pause(betweenMs)
    }
  }

  const ended = write()
  ended.catch(() => undefined)
  return {
    acknowledged,
    failures,
    get slowestMs() {
      return slowestMs
    },
    more(count) {
      const wanted = acknowledged.length + count
      const enough = new Promise<void>((resolve) => {
        waiting.add(() => acknowledged.length >= wanted && resolve())
      })
      return Promise.race([enough, ended])
    },
    async stop() {
      isStopped = true
      await ended
    },
  }
}

/** @returns the names of all entries of a log but the first, in its order. */
export async function namesIn(engine: Engine, conversation: string): Promise<string[]> {
  const names: string[] = []
  let cursor = startCursor
  for (;;) {
    const page = await engine.log.read(conversation, cursor, { entriesMax: 500, charsMax: 1_000_000 })
    if (page.status !== "tail") throw new Error(`the log is ${page.status}`)
    names.push(...page.entries.map(({ body }) => JSON.parse(body) as string))
    cursor = page.cursor
    if (!page.more) return names.slice(1)
  }
}

/** Each acknowledged one is there once, and none twice. */
export async function expectOnce(engine: Engine, conversation: string, writers: readonly Writer[]): Promise<void> {
  const names = await namesIn(engine, conversation)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(expect.arrayContaining(writers.flatMap(({ acknowledged }) => acknowledged)))
}
