/** What people do, scene by scene. */
import { type By, type EventBody, emptyState, type LogEvent, limits, reduce, textOf } from "@everthread/protocol"
import { expect, test } from "vitest"
import { after, ann, bob, time } from "./scene.ts"

const created = { type: "conversation.created", time, by: ann, title: "Plans", agent: "scribe" } as const
const annJoins = { type: "member.added", time, by: ann, user: "ann", role: "owner" } as const
const bobJoins = { type: "member.added", time, by: ann, user: "bob", role: "member" } as const
const bobLeaves = { type: "member.removed", time, by: bob, user: "bob" } as const
const hello = { type: "message", time, by: ann, id: "m1", key: "k1", text: "hello" } as const

test("a conversation begins with its title, its agent and its members", () => {
  expect(after(created, annJoins, bobJoins)).toEqual({
    ...emptyState,
    seq: 3,
    title: "Plans",
    agent: "scribe",
    firstAgent: "scribe",
    members: { ann: "owner", bob: "member" },
  })
})

test("who leaves takes along how far they had read", () => {
  const state = after(created, annJoins, bobJoins, { type: "receipt", time, by: bob, upTo: 2 }, bobLeaves)
  expect(state.members).toEqual({ ann: "owner" })
  expect(state.receipts).toEqual({})
})

test("a message keeps who wrote it, its key, and where it stands", () => {
  const [message] = after(created, hello).messages
  expect(message).toEqual({
    id: "m1",
    seq: 2,
    time,
    role: "user",
    status: "complete",
    by: ann,
    key: "k1",
    text: "hello",
    blocks: [],
  })
  expect(message && textOf(message)).toBe("hello")
})

test("an edit changes the text and says so; a redacted message is not edited", () => {
  const edit = { type: "edit", time, by: ann, message: "m1", text: "hello all" } as const
  const redaction = { type: "redaction", time, by: ann, message: "m1" } as const
  expect(after(hello, edit).messages[0]).toMatchObject({ text: "hello all", edited: true })
  expect(after(hello, redaction, edit).messages[0]).toMatchObject({ text: "", redacted: true })
})

test("a redaction takes the text, the blocks and the reactions away", () => {
  const like = { type: "reaction", time, by: bob, message: "m1", reaction: "👍", on: true } as const
  const [message] = after(hello, like, { type: "redaction", time, by: ann, message: "m1" }).messages
  expect(message).toMatchObject({ text: "", blocks: [], redacted: true })
  expect(message).not.toHaveProperty("reactions")
})

test("a reaction counts once for each member and can be taken back", () => {
  const react = (by: By, on: boolean) => ({ type: "reaction", time, by, message: "m1", reaction: "👍", on }) as const
  expect(after(hello, react(ann, true), react(ann, true), react(bob, true)).messages[0]?.reactions).toEqual({
    "👍": ["ann", "bob"],
  })
  expect(after(hello, react(ann, true), react(ann, false)).messages[0]?.reactions).toEqual({})
})

test("a reaction may be named like something every object inherits", () => {
  const react = { type: "reaction", time, by: ann, message: "m1", reaction: "constructor", on: true } as const
  expect(after(hello, react).messages[0]?.reactions).toEqual({ constructor: ["ann"] })
})

test("[SNP3] a message holds a bounded number of different reactions", () => {
  const reactions = Array.from({ length: limits.messageReactionsMax + 1 }, (_, n) => `r${n}`)
  const state = after(
    hello,
    ...reactions.map((reaction) => ({ type: "reaction", time, by: ann, message: "m1", reaction, on: true }) as const),
  )
  expect(Object.keys(state.messages[0]?.reactions ?? {})).toEqual(reactions.slice(0, limits.messageReactionsMax))
})

test("a receipt never moves back", () => {
  const read = (upTo: number) => ({ type: "receipt", time, by: ann, upTo }) as const
  expect(after(annJoins, read(5), read(3)).receipts).toEqual({ ann: 5 })
})

test("[SNP3] beyond the newest messages the oldest leave, and the state says so", () => {
  const messages = Array.from(
    { length: limits.stateMessagesMax + 1 },
    (_, n) => ({ ...hello, id: `m${n}`, key: `k${n}` }) as const,
  )
  const state = after(...messages)
  expect(state.messages.map((message) => message.id)).toEqual(messages.slice(1).map((message) => message.id))
  expect(state.older).toBe(true)
  expect(after(...messages.slice(1)).older).toBe(false)
})

const messages = (from: number, length: number) =>
  Array.from({ length }, (_, n) => ({ ...hello, id: `m${from + n}`, key: `k${from + n}` }) as const)
const queued = (n: number) =>
  ({ type: "run.queued", time, by: ann, run: `r${n}`, agent: "scribe", message: `m${n}` }) as const
const output = (run: string, n: number, event: string): EventBody => ({
  type: "agent",
  time,
  run,
  method: "messages",
  ns: [],
  message: `${run}.${n}`,
  data: { event },
})
const says = (run: string, n: number) => output(run, n, "message-start")
const ended = (run: string) => ({ type: "run.ended", time, run, outcome: "completed" }) as const
const isHeld = (id: string, ...events: EventBody[]) => after(...events).messages.some((message) => message.id === id)

test("[RUN1] [RUN3] what an open run answers and has said stays beyond the newest, and leaves when it has ended", () => {
  const full = messages(2, limits.stateMessagesMax)
  const open = [...messages(1, 1), queued(1), says("r1", 0), ...full, ...messages(1_000, 50)]
  const state = after(...open)
  expect(state.messages.map(({ id }) => id).slice(0, 3)).toEqual(["m1", "r1.0", "m52"])
  expect(state).toMatchObject({ older: true, messageCount: 252, wholeFrom: state.messages[2]?.seq })
  expect(after(...open, ended("r1")).messages).toHaveLength(limits.stateMessagesMax + 2)
  const shrunk = after(...open, ended("r1"), ...messages(2_000, 1))
  expect(shrunk.messages[0]?.id).toBe("m53")
  expect(shrunk.messages).toHaveLength(limits.stateMessagesMax)
  expect(shrunk.messageCount).toBe(253)
})

test("while nothing but what is needed is older than the newest, nothing has left", () => {
  const open = [...messages(1, 1), queued(1), ...messages(2, limits.stateMessagesMax)]
  expect(after(...open)).toMatchObject({ older: false, messageCount: limits.stateMessagesMax + 1 })
})

test("[SNP3] a run that says more than can be held for it loses its oldest words, and no run what it answers", () => {
  const runs = limits.openRunsMax
  const asked = messages(1, runs).flatMap((message, n) => [message, queued(n + 1)])
  const said = Array.from({ length: limits.stateNeededMessagesMax + limits.stateMessagesMax }, (_, n) => [
    says("r1", n),
    output("r1", n, "message-finish"),
  ]).flat()
  const { messages: held } = after(...asked, ...said)
  expect(held.slice(0, runs).map(({ id }) => id)).toEqual(messages(1, runs).map(({ id }) => id))
  expect(held).toHaveLength(limits.stateNeededMessagesMax + limits.stateMessagesMax)
  expect(held[runs]?.id).toBe(`r1.${runs}`)
  const begun = [...asked, says("r2", 0), ...said]
  expect(isHeld("r2.0", ...begun)).toBe(true)
  expect(isHeld("r1.100", ...begun)).toBe(false)
})

test("what is about something that is not held changes nothing but the place", () => {
  const state = after(hello)
  for (const type of ["edit", "redaction", "reaction"] as const) {
    const event = { type, time, by: ann, message: "gone", text: "x", reaction: "👍", on: true, seq: 2 } as LogEvent
    expect(reduce(state, event)).toEqual({ ...state, seq: 2 })
  }
})

test.each(["poll", "constructor", "toString", "__proto__"])(
  "an unknown type of event, %s, moves the state on",
  (type) => {
    expect(reduce(emptyState, { type, time, seq: 1 } as unknown as LogEvent)).toEqual({ ...emptyState, seq: 1 })
  },
)

test("what did not change keeps its identity", () => {
  const before = after(annJoins, hello, { ...hello, id: "m2", key: "k2" })
  const next = reduce(before, { type: "edit", time, by: ann, message: "m2", text: "x", seq: 4 })
  expect(next.messages[0]).toBe(before.messages[0])
  expect(next.members).toBe(before.members)
  expect(next.runs).toBe(before.runs)
})

test("finished messages up to a place expire, those that an open run needs stay", () => {
  const sent = (id: string) => ({ type: "message", time, by: ann, id, key: id, text: id }) as const
  const queued = { type: "run.queued", time, by: ann, run: "r1", agent: "scribe", message: "m2" } as const
  const state = after(sent("m1"), sent("m2"), queued, sent("m3"), sent("m4"), { type: "expired", time, upTo: 4 })
  expect(state.messages.map(({ id }) => id)).toEqual(["m2", "m4"])
  expect(state).toMatchObject({ older: false, messageCount: 2, expiredUpTo: 4 })
})

test("an owner's change of a conversation changes what it names", () => {
  const created = { type: "conversation.created", time, by: ann, title: "Plans", agent: "scribe" } as const
  const state = after(created, { type: "conversation.changed", time, by: ann, whenBusy: "reject" })
  expect(state).toMatchObject({ title: "Plans", agent: "scribe", whenBusy: "reject" })
  const changed = reduce(state, { type: "conversation.changed", time, by: ann, agent: "other", seq: 3 })
  expect(changed).toMatchObject({ agent: "other", firstAgent: "scribe" })
})

test("a copied message has its new place, and nothing of the run that said it", () => {
  const message = {
    id: "m1",
    seq: 40,
    doneSeq: 44,
    time,
    role: "assistant",
    status: "streaming",
    run: "r9",
    text: "",
    blocks: [],
  } as const
  const state = after({ type: "copied", time, message: { ...message, blocks: [] } })
  expect(state.messages).toEqual([
    { id: "m1", seq: 1, doneSeq: 1, time, role: "assistant", status: "stopped", text: "", blocks: [] },
  ])
})
