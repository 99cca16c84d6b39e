/** The translation without a node: whatever the log holds, AG-UI's own client takes it and shows what the log says. */

import type { Message } from "@ag-ui/client"
import { type ConversationState, emptyState, type LogEvent, reduce, reduceAll } from "@everthread/protocol"
import {
  type AgUiEvent,
  type AgUiMessage,
  attachedAt,
  conversationView,
  jumpOf,
  messagesOf,
  openQuestions,
  resumedAt,
  runSoFar,
  runView,
  toldOf,
  type View,
} from "@everthread/protocol/ag-ui"
import fc from "fast-check"
import { crowdedHistories, histories } from "../../../protocol/test/histories/index.ts"
import { shownAfter } from "./support/stock-verifier.ts"

const numRuns = Number(process.env["LAW_RUNS"] ?? 60)
const everything = conversationView("thread")

/** Where a history is cut in two: at its beginning as often as anywhere. */
const share = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }))
const cutOf = (events: readonly LogEvent[], cut: number) => Math.floor(cut * events.length)

/** @returns what a stream says from a state on. */
function told(state: ConversationState, events: readonly LogEvent[], view: View): AgUiEvent[] {
  let before = state
  return events.flatMap((event) => {
    const after = reduce(before, event)
    const said = toldOf(event, before, after, view)
    before = after
    return said
  })
}

/** What of a state a stream has to have said: words of a run that is not told come when they are finished. */
function due(state: ConversationState, view: View): AgUiMessage[] {
  const run = view.legOf(state)?.run
  const isTold = (message: ConversationState["messages"][number]) =>
    message.status !== "streaming" || message.run === run
  return messagesOf({ messages: state.messages.filter(isTold) })
}

const compact = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

/** Without what events cannot carry, and with arguments as what they mean. */
function plain(message: Message | AgUiMessage): object {
  const { metadata: _of, error: _said, name: _who, toolCalls, ...rest } = message as Record<string, unknown>
  const calls = (toolCalls ?? []) as { id: string; function: { name: string; arguments: string } }[]
  const said = calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, args: compact(args) }))
  return said.length > 0 ? { ...rest, said } : rest
}

const isEmpty = (message: object) =>
  "role" in message && message.role === "reasoning" && "content" in message && message.content === ""
const byId = (messages: readonly (Message | AgUiMessage)[]) =>
  Object.fromEntries(messages.filter((message) => !isEmpty(message)).map((message) => [message.id, plain(message)]))

async function expectShown(events: readonly AgUiEvent[], state: ConversationState, view: View): Promise<void> {
  const { messages } = await shownAfter(events)
  const shown = byId(messages)
  for (const [id, message] of Object.entries(byId(due(state, view)))) expect(shown[id]).toEqual(message)
  if (state.older) return
  const all = new Set(messagesOf(state).map(({ id }) => id))
  expect(Object.keys(shown).filter((id) => !all.has(id))).toEqual([])
}

test("[AGU2] every history is a sequence that the stock verifier takes, and the stock client shows what it adds up to", async () => {
  await fc.assert(
    fc.asyncProperty(histories(60), share, async (events, cut) => {
      const state = reduceAll(emptyState, events.slice(0, cutOf(events, cut)))
      const rest = events.slice(cutOf(events, cut))
      await expectShown(
        [...attachedAt(state, everything), ...told(state, rest, everything)],
        reduceAll(state, rest),
        everything,
      )
    }),
    { numRuns },
  )
})

test("[AGU2] so is one in which messages leave the state", async () => {
  await fc.assert(
    fc.asyncProperty(crowdedHistories(30), share, async (events, cut) => {
      const state = reduceAll(emptyState, events.slice(0, cutOf(events, cut)))
      const rest = events.slice(cutOf(events, cut))
      await expectShown(
        [...attachedAt(state, everything), ...told(state, rest, everything)],
        reduceAll(state, rest),
        everything,
      )
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  )
})

test("[AGU5] a stream that goes on from a place says the rest of what was told, and is a sequence of its own", async () => {
  await fc.assert(
    fc.asyncProperty(histories(60), share, async (events, cut) => {
      const state = reduceAll(emptyState, events.slice(0, cutOf(events, cut)))
      const first = [
        ...attachedAt(emptyState, everything),
        ...told(emptyState, events.slice(0, cutOf(events, cut)), everything),
      ]
      const { messages } = await shownAfter(first)
      const second = [...resumedAt(state, everything), ...told(state, events.slice(cutOf(events, cut)), everything)]
      const rest = await shownAfter(second, messages)
      const end = reduceAll(state, events.slice(cutOf(events, cut)))
      const shown = byId(rest.messages)
      for (const [id, message] of Object.entries(byId(due(end, everything)))) expect(shown[id]).toEqual(message)
    }),
    { numRuns },
  )
})

test("[AGU5] a stream that has to show another history closes what it had begun", async () => {
  await fc.assert(
    fc.asyncProperty(histories(40), histories(40), async (one, other) => {
      const [before, after] = [reduceAll(emptyState, one), reduceAll(emptyState, other)]
      const events = [...attachedAt(before, everything), ...jumpOf(before, after, everything)]
      const shown = byId((await shownAfter(events)).messages)
      expect(shown).toEqual(byId(messagesOf(after)))
    }),
    { numRuns },
  )
})

test("[AGU4] one run, from wherever it is followed: its words from their beginning, one end, and nothing behind it", async () => {
  await fc.assert(
    fc.asyncProperty(histories(60), share, fc.nat({ max: 10 }), async (events, cut, pick) => {
      const state = reduceAll(emptyState, events.slice(0, cutOf(events, cut)))
      const run = state.runs[pick % Math.max(1, state.runs.length)]
      if (!run) return
      const view = runView("thread", "mine", run.id)
      const leg = { threadId: "thread", runId: "mine", run: run.into ?? run.id }
      const said = runSoFar(state, view, { leg, since: 0, clientHas: [] })
      const all = [...said]
      let now = state
      for (const event of events.slice(cutOf(events, cut))) {
        if (!view.legOf(now)) break
        const after = reduce(now, event)
        all.push(...toldOf(event, now, after, view))
        now = after
      }
      const ends = all.filter(({ type }) => type === "RUN_FINISHED" || type === "RUN_ERROR")
      expect(ends.length).toBe(view.legOf(now) ? 0 : 1)
      const { messages } = await shownAfter(all)
      const shown = byId(messages)
      for (const [id, message] of Object.entries(byId(due(now, view)))) expect(shown[id]).toEqual(message)
    }),
    { numRuns },
  )
})

/**
 * A worker asks in an attempt, and this run waits already: a history that no worker writes. One that fails while it waits
 * is left out as well: the stock client keeps its questions through an error.
 */
function asksOrFailsWaiting(events: readonly LogEvent[]): boolean {
  let state = emptyState
  return events.some((event) => {
    const isMeant = event.type === "input.requested" || (event.type === "run.ended" && event.outcome !== "stopped")
    const run = isMeant ? state.runs.find(({ id }) => id === event.run) : undefined
    state = reduce(state, event)
    return run?.status === "waiting"
  })
}

test("[AGU6] what a client waits for at the end is what is still asked", async () => {
  await fc.assert(
    fc.asyncProperty(histories(60), async (events) => {
      fc.pre(!asksOrFailsWaiting(events))
      const state = reduceAll(emptyState, events)
      const said = [...attachedAt(emptyState, everything), ...told(emptyState, events, everything)]
      const { interrupts } = await shownAfter(said)
      const isIdle =
        !everything.legOf(state) && !state.runs.some(({ stopBy, status }) => stopBy && status === "waiting")
      if (isIdle) expect(new Set(interrupts)).toEqual(new Set(openQuestions(state).map(({ id }) => id)))
    }),
    { numRuns },
  )
})

test("[AGU4] [QUE5] a message that the run under way takes in is answered by that run, with all that it says", async () => {
  const by = { user: "ada", device: "phone" }
  const said = (id: string) => ({ type: "message", time: 1, by, id, key: id, text: id })
  const queued = (run: string, message: string) => ({ type: "run.queued", time: 1, by, run, agent: "scribe", message })
  const output = (data: object) => ({
    type: "agent",
    time: 1,
    run: "a",
    method: "messages",
    ns: ["model:1"],
    message: "a.0",
    data,
  })
  const delta = (at: number, text: string) => ({ type: "delta", message: "a.0", block: 0, at, text })
  const bodies = [
    said("m-1"),
    queued("a", "m-1"),
    { type: "run.attempt", time: 1, run: "a", attempt: 1, node: "n" },
    said("m-2"),
    { ...queued("b", "m-2"), whenBusy: "steer" },
    output({ event: "message-start" }),
    output({ event: "content-block-start", index: 0, content: { type: "text", text: "" } }),
    delta(0, "Both "),
    { type: "run.ended", time: 1, run: "b", outcome: "merged", into: "a" },
    delta(5, "of you"),
    output({ event: "message-finish" }),
    { type: "run.ended", time: 1, run: "a", outcome: "completed" },
  ]
  const events = bodies.map((body, at) => ({ ...body, seq: at + 1 }) as LogEvent)
  const state = reduceAll(emptyState, events.slice(0, 5))
  const view = runView("thread", "mine", "b")
  const leg = { threadId: "thread", runId: "mine", run: "b" }
  const all = [...runSoFar(state, view, { leg, since: 4, clientHas: [] }), ...told(state, events.slice(5), view)]
  const { messages } = await shownAfter(all)
  expect(messages).toMatchObject([{ id: "m-1" }, { id: "m-2" }, { id: "a.0", content: "Both of you" }])
  expect(all.filter(({ type }) => type === "RUN_STARTED" || type === "RUN_FINISHED").length).toBe(4)
})
