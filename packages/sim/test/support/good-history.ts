/** Histories in which all is well, made up from a seed: what a checker has to let pass, and what mistakes are put into. */
import {
  type Cursor,
  type EventBody,
  emptyState,
  joinFrames,
  type LogEvent,
  type Random,
  reduceAll,
  startCursor,
} from "@everthread/protocol"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import type { Change, DeviceHistory, Expected, History, Sent, Step, StoredEntry, View } from "../../src/index.ts"
import { isChange } from "../../src/index.ts"

export const conversation = "talk-1"
const people = [
  { user: "ada", device: "phone" },
  { user: "ada", device: "laptop" },
  { user: "bob", device: "phone" },
] as const
const present = people.map(({ user, device }) => `${user}/${device}`)
export const expected: Expected = { rollback: false, present, answer: answerTo }

export function goodHistory(seed: number): History {
  const random = seededRandom(seed)
  const log = goodLog(random)
  const fresh = viewOf(log)
  const devices = people.map((by): DeviceHistory => {
    const steps = framesOf(log, random)
    const changes = changesBy(by, log)
    return { ...by, steps, wire: [{ asked: undefined, steps }], sent: sentBy(by, log), changes, end: fresh }
  })
  return { conversation, devices, log, fresh }
}

/** The same, but the first device saw a tail that the store has lost, and was told so. */
export function rolledBack(seed: number): History {
  const history = goodHistory(seed)
  const random = seededRandom(seed + 1)
  const kept = 1 + Math.floor(random.fraction() * (history.log.length - 2))
  const lost = entriesOf([messageBy(people[2], 1_000), messageBy(people[2], 1_001)], kept, random)
  const before = framesOf([...history.log.slice(0, kept), ...lost], random)
  const reset: Step = { type: "snapshot", reason: "diverged", cursor: startCursor, messages: [] }
  return withDevice(history, (device) => {
    const steps = [...before, reset, ...framesOf(history.log, random)]
    return { ...device, steps, wire: [{ asked: undefined, steps }] }
  })
}

/** The same, where what was lost was sent again, and came to the places that it had before. */
export function sentAgain(seed: number): History {
  const random = seededRandom(seed + 1)
  const history = goodHistory(seed)
  const kept = 1 + Math.floor(random.fraction() * (history.log.length - 2))
  const before = history.log.map((entry, index) => {
    const { seq } = entry.event
    return index < kept ? entry : { ...entry, cursor: `${seq}-${2_000_000 + seq}` }
  })
  const reset: Step = { type: "snapshot", reason: "diverged", cursor: startCursor, messages: [] }
  return withDevice(history, (device) => {
    const steps = [...framesOf(before, random), reset, ...framesOf(history.log, random)]
    return { ...device, steps, wire: [{ asked: undefined, steps }] }
  })
}

/** The history with its first device changed. */
export function withDevice(history: History, change: (device: DeviceHistory) => DeviceHistory): History {
  const [first, ...others] = history.devices
  return { ...history, devices: first ? [change(first), ...others] : [] }
}

/** The history with another log, everybody having seen it. */
export function withLog(history: History, log: readonly StoredEntry[]): History {
  const fresh = viewOf(log)
  const steps = framesOf(log, seededRandom(1))
  const devices = history.devices.map((device) => ({ ...device, steps, wire: [], end: fresh }))
  return { ...history, log, fresh, devices }
}

export function viewOf(log: readonly StoredEntry[]): View {
  const events = log.map(({ event }) => event)
  const state = reduceAll(emptyState, events)
  return { cursor: log.at(-1)?.cursor, state, messages: state.messages, pending: 0, present }
}

export function messageBy(by: { readonly user: string; readonly device: string }, number: number): EventBody {
  const text = `${conversation} ${by.user}/${by.device} ${number}`
  return { type: "message", time: 1, by: { ...by }, id: text, key: `key-${number}`, text }
}

export function entriesOf(bodies: readonly EventBody[], after: number, random: Random): StoredEntry[] {
  return bodies.map((body, index) => {
    const seq = after + index + 1
    const cursor = `${seq}-${1_000 + Math.floor(random.fraction() * 1_000_000)}`
    return { cursor, event: { ...body, seq } as LogEvent }
  })
}

/** A few messages each, some of them changed at the end, and one run that is taken over in the middle of its first answer. */
function goodLog(random: Random): StoredEntry[] {
  const [first] = people
  const said = Array.from({ length: 12 }, (_, index) => messageBy(people[index % 3] ?? first, index))
  const asked = said[0]?.type === "message" ? said[0] : undefined
  const at = 1 + Math.floor(random.fraction() * 10)
  const bodies: EventBody[] = [
    { type: "conversation.created", time: 1, by: { ...first } },
    ...["ada", "bob"].map(
      (user) => ({ type: "member.added", time: 1, by: { ...first }, user, role: "member" }) as const,
    ),
    ...said.slice(0, at),
    ...runOn(asked?.id ?? "", asked?.text ?? ""),
    ...said.slice(at),
    ...changesOf(said.slice(6)),
  ]
  return entriesOf(bodies, 0, random)
}

/** Edited twice; taken back by another device of the author; reacted to, and one reaction taken back. */
function changesOf([first, second, third]: readonly EventBody[]): EventBody[] {
  if (first?.type !== "message" || second?.type !== "message" || third?.type !== "message") return []
  const [phone, laptop, bob] = people.map((by) => ({ ...by }))
  if (!phone || !laptop || !bob) return []
  const edit = (text: string): EventBody => ({ type: "edit", time: 1, by: phone, message: first.id, text })
  const react = (by: typeof bob, message: string, on: boolean): EventBody =>
    ({ type: "reaction", time: 1, by, message, reaction: "👍", on }) as const
  return [
    edit(`${first.text} edited`),
    react(bob, first.id, true),
    react(phone, first.id, true),
    react(bob, second.id, true),
    edit(`${first.text} edited again`),
    react(bob, first.id, false),
    { type: "redaction", time: 1, by: phone, message: second.id },
    react(bob, third.id, true),
  ]
}

export const run = "run-1"

function runOn(message: string, text: string): EventBody[] {
  const by = { ...people[0] }
  const answers = answerTo(text)
  const tried = (attempt: number): EventBody => ({
    type: "run.attempt",
    time: 1,
    run,
    attempt,
    node: `node-${attempt}`,
  })
  return [
    { type: "run.queued", time: 1, by, run, agent: "reciter", message },
    tried(1),
    ...spoken("m1", (answers[0] ?? "").slice(0, 8)),
    tried(2),
    { type: "rewind", time: 1, run, attempt: 2, messages: ["m1"] },
    ...answers.flatMap((answer, index) => spoken(`m${index + 2}`, answer)),
    { type: "run.ended", time: 1, run, outcome: "completed" },
  ]
}

function spoken(message: string, text: string): EventBody[] {
  const agent = (data: { [key: string]: string | number | { [key: string]: string } }): EventBody => ({
    ...{ type: "agent", time: 1, run, method: "messages", ns: ["node:task"], node: "node", message, data },
  })
  const half = Math.floor(text.length / 2)
  return [
    agent({ event: "message-start", role: "ai" }),
    agent({ event: "content-block-start", index: 0, content: { type: "text", text: "" } }),
    { type: "delta", message, block: 0, at: 0, text: text.slice(0, half) },
    { type: "delta", message, block: 0, at: half, text: text.slice(half) },
  ]
}

/** The log as a device may get it: in frames of any size, some of them joined. */
function framesOf(log: readonly StoredEntry[], random: Random): Step[] {
  const steps: Step[] = []
  let prev: Cursor = startCursor
  for (let at = 0; at < log.length; ) {
    const piece = log.slice(at, at + 1 + Math.floor(random.fraction() * 5))
    const cursor = piece.at(-1)?.cursor ?? prev
    const frame = { prev, cursor, events: piece.map(({ event }) => event) }
    steps.push({ type: "events", ...(random.fraction() < 0.5 ? joinFrames([frame]) : frame) })
    prev = cursor
    at += piece.length
  }
  return steps
}

function sentBy(by: { readonly user: string; readonly device: string }, log: readonly StoredEntry[]): Sent[] {
  return log.flatMap(({ cursor, event }): Sent[] => {
    if (event.type !== "message" || event.by.user !== by.user || event.by.device !== by.device) return []
    return [{ text: event.text, key: event.key, ack: { cursor, seq: event.seq }, times: 1 }]
  })
}

function changesBy(by: { readonly user: string; readonly device: string }, log: readonly StoredEntry[]): Change[] {
  return log.flatMap(({ cursor, event }): Change[] => {
    if (!isChange(event) || event.by.user !== by.user || event.by.device !== by.device) return []
    return [{ what: event, ack: { cursor, seq: event.seq } }]
  })
}

/** What the agent says to a text, in two messages. */
function answerTo(text: string): readonly string[] {
  return [`You said: ${text}`, "Counting: 1 2 3 4 5 6 7 8 9 10 11 12"]
}
