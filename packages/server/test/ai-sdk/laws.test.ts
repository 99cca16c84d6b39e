/**
 * What holds for every history: whoever follows the chunks, from wherever, has the message that the state says. The AI SDK's
 * own code is what follows them.
 */
import { type ConversationState, emptyState, formatCursor, type LogEvent, reduceAll } from "@everthread/protocol"
import { type Chunk, RunStream, uiMessages } from "@everthread/protocol/ai-sdk"
import * as fc from "fast-check"
import { histories } from "../../../protocol/test/histories/index.ts"
import { stage } from "./support/page.ts"
import type { ShownMessage, UIPart } from "./support/stock-process.ts"

const { process } = stage()

interface Followed {
  readonly chunks: readonly Chunk[]
  readonly run: string
  /** Where the stream ended, or the history did. */
  readonly state: ConversationState
}

/** Follows the run of a message from the first state on. */
function follow(message: string, states: readonly ConversationState[]): Followed | undefined {
  const stream = new RunStream({ kind: "message", id: message, seq: 0 })
  const chunks: Chunk[] = []
  let last: ConversationState | undefined
  for (const state of states) {
    const told = stream.take(state, formatCursor(state.seq, "n"))
    chunks.push(...told.chunks)
    last = state
    if (told.end) break
  }
  const { run } = stream
  return run !== undefined && last && chunks.length > 0 ? { chunks, run, state: last } : undefined
}

/** The states that a connection is shown which comes when `from` events are there, and then gets frames of these sizes. */
function statesOf(history: readonly LogEvent[], from: number, sizes: readonly number[]): ConversationState[] {
  let state = reduceAll(emptyState, history.slice(0, from))
  const states = [state]
  for (let at = from, turn = 0; at < history.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    state = reduceAll(state, history.slice(at, at + size))
    states.push(state)
    at += size
  }
  return states
}

/** What the SDK parses out of unfinished arguments is its own guess; everything else has to be the same. */
function compared({ parts }: Pick<ShownMessage, "parts">): unknown {
  const plain = parts.filter(({ type }) => type !== "step-start").map(({ input, ...part }: UIPart) => part)
  return JSON.parse(
    JSON.stringify(parts.some(isUnfinished) ? plain : parts.filter(({ type }) => type !== "step-start")),
  )
}

const isUnfinished = ({ state }: UIPart) => state === "input-streaming"

const read = (streams: readonly (readonly Chunk[])[]) =>
  process().ask<(ShownMessage | null)[]>("read", { streams: streams.map((chunks) => chunks.filter(isShown)) })

/** What comes with an error is not shown: the SDK shows the error itself. */
const isShown = ({ type }: Chunk) => type !== "error"

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })

test("[AIS2] the SDK's own reader comes to the message that the state says, wherever the stream begins", async () => {
  let compare = 0
  await fc.assert(
    fc.asyncProperty(histories(60), fc.nat(), sizes, async (history, at, cut) => {
      const queued = history.findIndex(({ type }) => type === "run.queued") + 1
      if (queued === 0) return
      const from = queued + (at % (history.length - queued + 1))
      const states = statesOf(history, from, cut)
      const messages = new Set((states[0] as ConversationState).runs.map(({ message }) => message))
      const followed = [...messages].map((message) => follow(message, states)).filter((one) => one !== undefined)
      const shown = await read(followed.map(({ chunks }) => chunks))
      for (const [index, { run, state }] of followed.entries()) {
        const said = uiMessages(state).find(({ id }) => id === run)
        expect(compared(shown[index] ?? { parts: [] })).toEqual(
          compared((said as ShownMessage | undefined) ?? { parts: [] }),
        )
        compare++
      }
    }),
    { numRuns: 150 },
  )
  expect(compare).toBeGreaterThan(50)
})

test("[AIS2] what a conversation shows is valid by the SDK's own schema", async () => {
  await fc.assert(
    fc.asyncProperty(histories(80), async (history) => {
      const messages = uiMessages(reduceAll(emptyState, history))
      if (messages.length > 0) await process().ask("validate", { messages })
    }),
    { numRuns: 100 },
  )
})

test("[AIS2] two nodes that are told the same say the same", () => {
  fc.assert(
    fc.property(histories(60), sizes, (history, cut) => {
      const [one, other] = [statesOf(history, 0, cut), statesOf(structuredClone(history), 0, cut)]
      const message = one.at(-1)?.runs.at(-1)?.message ?? ""
      const queued = one.findIndex(({ runs }) => runs.some((run) => run.message === message))
      if (queued < 0) return
      expect(follow(message, other.slice(queued))?.chunks).toEqual(follow(message, one.slice(queued))?.chunks)
    }),
    { numRuns: 100 },
  )
})
