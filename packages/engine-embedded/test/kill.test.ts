/** `kill -9` at any moment: what was acknowledged is there, and nothing is there in part. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import type { Entry } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import { type EmbeddedEngine, openEmbeddedEngine } from "../src/index.ts"
import { freshFolder } from "./folders.ts"

const appenderScript = new URL("./appender.mjs", import.meta.url).pathname
const rounds = 14
const seed = Number(process.env["EVERTHREAD_KILL_SEED"] ?? 20_261)

interface Ack {
  readonly conversation: string
  readonly id: string
  readonly first: number
  readonly seq: number
  readonly cursor: string
}

interface Body {
  readonly id: string
  readonly index: number
  readonly of: number
  readonly chained: boolean
}

/** Whole numbers below a bound, the same ones for the same seed (mulberry32). */
function seeded(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Lets a process append and kills it after so many lines; lines that were already under way count too. */
async function appendUntilKilled(folder: string, round: number, linesMax: number): Promise<Ack[]> {
  const child = spawn(process.execPath, [appenderScript, folder, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = once(child, "close")
  const acks: Ack[] = []
  let lines = 0
  for await (const line of createInterface(child.stdout)) {
    lines += 1
    if (lines === linesMax) child.kill("SIGKILL")
    const said = JSON.parse(line) as Ack | { readonly open: true }
    if ("id" in said) acks.push(said)
  }
  const [, signal] = await ended
  expect(signal).toBe("SIGKILL")
  return acks
}

async function entriesOf(engine: EmbeddedEngine, conversation: string): Promise<readonly Entry[]> {
  const result = await engine.log.read(conversation, startCursor, {
    entriesMax: 1_000_000,
    charsMax: Number.MAX_SAFE_INTEGER,
  })
  if (result.status === "no-conversation") return []
  if (result.status !== "tail") throw new Error(`expected a tail, not ${result.status}`)
  expect(result.entries.map((entry) => entry.seq)).toEqual(result.entries.map((_, index) => index + 1))
  expect(result.cursor).toBe(await engine.log.head(conversation))
  return result.entries
}

/** Every append that is in the log has all its entries, next to each other. @returns them by id. */
function wholeAppends(entries: readonly Entry[]): Map<string, Body & { first: number }> {
  const appends = new Map<string, Body & { first: number }>()
  for (let at = 1; at < entries.length; ) {
    const first = JSON.parse(entries[at]?.body ?? "{}") as Body
    const parts = entries.slice(at, at + first.of).map((entry) => JSON.parse(entry.body) as Body)
    expect(parts.map((part) => [part.id, part.index])).toEqual(parts.map((_, index) => [first.id, index]))
    expect(parts).toHaveLength(first.of)
    appends.set(first.id, { ...first, first: at + 1 })
    at += first.of
  }
  return appends
}

async function check(engine: EmbeddedEngine, conversation: string, acks: readonly Ack[]): Promise<number> {
  const entries = await entriesOf(engine, conversation)
  const appends = wholeAppends(entries)
  for (const { id, first, seq, cursor } of acks) {
    expect(appends.get(id)).toMatchObject({ first, of: seq - first + 1 })
    expect(entries[seq - 1]?.cursor).toBe(cursor)
    expect(await engine.log.repeated(conversation, id)).toEqual({ digest: "d", seq, cursor, ref: id })
  }
  const ids = [...appends.keys()].sort()
  expect([...(await engine.directory.members(conversation)).keys()].sort()).toEqual(ids)
  const open = (await engine.leases.openRuns()).filter((run) => run.conversation === conversation)
  expect(open.map((run) => run.run).sort()).toEqual(ids)
  for (const [id, { first, of }] of appends) {
    expect(await engine.log.repeated(conversation, id)).toMatchObject({ seq: first + of - 1 })
  }
  const lastChained = [...appends.values()].filter((append) => append.chained).at(-1)?.id ?? null
  expect(await engine.log.value(conversation, "last")).toBe(lastChained)
  return appends.size
}

describe("a process that is killed", () => {
  test(`[LOG7] [LOG3] [ACK1] loses nothing that it acknowledged and leaves nothing half done (seed ${seed})`, async () => {
    const random = seeded(seed)
    const folder = freshFolder()
    const acks: Ack[] = []
    let stored = 0
    for (let round = 0; round < rounds; round++) {
      // Every fourth time it is killed as soon as it is there.
      acks.push(...(await appendUntilKilled(folder, round, 1 + (round % 4 === 0 ? 0 : random(400)))))
      const engine = await openEmbeddedEngine({ folder })
      stored = 0
      for (const conversation of ["a", "b", "c"]) {
        const own = acks.filter((ack) => ack.conversation === conversation)
        stored += await check(engine, conversation, own)
      }
      await engine.close()
    }
    expect(acks.length).toBeGreaterThan(rounds)
    expect(stored).toBeGreaterThanOrEqual(acks.length)
  })
})
