/** What the suites need: an engine for each test, and short ways to say what a test is about. */
import { type Cursor, type EventBody, seqOf, startCursor, systemRandom } from "@everthread/protocol"
import { afterEach, beforeEach, expect } from "vitest"
import type { Engine } from "../engine.ts"
import {
  type Appended,
  type AppendRequest,
  type AppendResult,
  type CompactRequest,
  type CreateRequest,
  type Fence,
  freshNonce,
  type PageMax,
  type ReadResult,
} from "../event-log.ts"

export interface EngineUnderTest {
  readonly engine: Engine
  /** Ends the engine in good order and opens what it stored again. Absent where a test cannot do that. */
  reopen?(): Promise<Engine>
  close(): Promise<void>
}

export type OpenEngine = () => Promise<EngineUnderTest>

/** Opens an engine before each test and closes it afterwards. @returns the one of the running test. */
export function engineForEachTest(open: OpenEngine): () => EngineUnderTest {
  let current: EngineUnderTest | undefined
  beforeEach(async () => {
    current = await open()
  })
  afterEach(async () => {
    await current?.close()
    current = undefined
  })
  return () => {
    if (!current) throw new Error("The engine is there only while a test runs.")
    return current
  }
}

/** A fresh id: engines that keep their data between tests never see one twice. */
export const freshId = (name: string): string => `${name}-${systemRandom.id(10)}`
export const nonce = (): string => freshNonce(systemRandom)

/** A body whose text names it, as an engine gets it. */
export function body(name: string): string {
  const event: EventBody = {
    type: "message",
    time: 0,
    by: { user: "ada", device: "phone" },
    id: name,
    key: name,
    text: name,
  }
  return JSON.stringify(event)
}

export const nameOf = (entry: { readonly body: string }): string => (JSON.parse(entry.body) as { text: string }).text

/** Begins a conversation with one entry named `begin`. @returns its id. */
export async function beginConversation(engine: Engine, more: Partial<CreateRequest> = {}): Promise<string> {
  const conversation = more.conversation ?? freshId("conversation")
  const created = await engine.log.create({
    conversation,
    nonce: nonce(),
    bodies: [body("begin")],
    members: [{ user: "ada", role: "owner" }],
    ...more,
  })
  expect(created.status).toBe("created")
  return conversation
}

/** Appends entries of these names. */
export function append(
  engine: Engine,
  conversation: string,
  names: readonly string[],
  more: Partial<AppendRequest> = {},
): Promise<AppendResult> {
  return engine.log.append({ conversation, nonce: nonce(), bodies: names.map(body), ...more })
}

/** @returns the result, which has to be of this status. */
export function mustBe<R extends { readonly status: string }, S extends R["status"]>(
  result: R,
  status: S,
): Extract<R, { readonly status: S }> {
  expect(result).toMatchObject({ status })
  return result as Extract<R, { readonly status: S }>
}

/** A page that only its entries' number ends. */
export const upTo = (entriesMax: number): PageMax => ({ entriesMax, charsMax: Number.MAX_SAFE_INTEGER })

/** @returns everything after the cursor, read page by page. */
export async function readAll(engine: Engine, conversation: string, after: string, max: PageMax = upTo(1_000)) {
  const entries = []
  let cursor = after
  for (;;) {
    const page = mustBe<ReadResult, "tail">(await engine.log.read(conversation, cursor, max), "tail")
    entries.push(...page.entries)
    cursor = page.cursor
    if (!page.more) return entries
  }
}

/** A conversation with entries `begin`, `m2` … `m<length>`, and their cursors by seq. */
export async function conversationOf(engine: Engine, length: number) {
  const conversation = await beginConversation(engine)
  for (let seq = 2; seq <= length; seq++) await append(engine, conversation, [`m${seq}`])
  const entries = await readAll(engine, conversation, startCursor)
  const cursorAt = (seq: number) => entries.find((entry) => entry.seq === seq)?.cursor ?? startCursor
  const compact = (seq: number, more: Partial<CompactRequest> = {}) =>
    engine.log.compact({
      conversation,
      snapshot: { cursor: cursorAt(seq), state: `state ${seq}` },
      archive: [],
      trimThrough: 0,
      ...more,
    })
  return { conversation, cursorAt, compact }
}

/** Opens a run with an append and claims it. @returns the fence. */
export async function ownedRun(engine: Engine, conversation: string, run: string, node = "node-a"): Promise<Fence> {
  mustBe(await append(engine, conversation, [`open ${run}`], { runs: [{ run, state: "open" }] }), "appended")
  const fence = await engine.leases.claim({ conversation, run, node, nonce: nonce(), instead: undefined })
  if (!fence) throw new Error("An open run that nobody owns was not given to the only claimant.")
  return fence
}

/**
 * Collects what a listener is told, and lets a test wait for it.
 * @param after leaves out what is stored up to here: an engine that hears many conversations over one connection may still have
 *   that on its way when listening begins.
 */
export function recorder(after: Cursor = startCursor) {
  const appended: Appended[] = []
  const ephemeral: string[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const check of [...waiting]) check()
  }
  return {
    appended,
    ephemeral,
    names: () => appended.flatMap((told) => told.entries.map(nameOf)),
    listener: {
      appended(told: Appended) {
        if (!told.entries.some((entry) => entry.seq > seqOf(after))) return
        appended.push(told)
        wake()
      },
      ephemeral(_conversation: string, text: string) {
        ephemeral.push(text)
        wake()
      },
      missed() {},
    },
    /** Resolves as soon as it holds. */
    until: (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const check = () => {
          if (!holds()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}
