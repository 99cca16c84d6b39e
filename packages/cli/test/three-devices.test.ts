/** Three devices of two users, on the real server with the demo agent: whatever happens, they end with the same history. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type ConversationState, emptyState, isOpen, type LogEvent, reduce, textOf } from "@everthread/protocol"
import { type Chatting, chat } from "./chatting.ts"
import { type Serving, serve } from "./serving.ts"

let folder: string
let serving: Serving
let address: string
const chats: Chatting[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "everthread-three-"))
  serving = serve(["--data", join(folder, "data")], {}, folder)
  address = await serving.ready
})
afterEach(async () => {
  const children = [serving, ...chats.splice(0)]
  for (const { child } of children) child.kill("SIGKILL")
  await Promise.all(children.map(({ ended }) => ended))
  rmSync(folder, { recursive: true })
})

function comes(user: string, device: string): Chatting {
  const chatting = chat(["--url", address, "--user", user, "--device", device, "--json"])
  chats.push(chatting)
  return chatting
}

type Line = LogEvent | { readonly type: "status"; readonly status: string }
const parsed = (chatting: Chatting) => chatting.lines().map((line) => JSON.parse(line) as Line)
/** What the log told this device, in the order in which it came. */
const eventsOf = (chatting: Chatting) => parsed(chatting).filter((line): line is LogEvent => "seq" in line)
const stateOf = (chatting: Chatting) => eventsOf(chatting).reduce<ConversationState>(reduce, emptyState)
const is = (type: LogEvent["type"]) => (line: string) => line.startsWith(`{"seq"`) && line.includes(`"type":"${type}"`)
const live = (line: string) => line.includes('"status":"live"')

/** Resolves when the device has seen so many pieces of the answer. */
const hasSeen = (chatting: Chatting, deltas: number) =>
  chatting.line(() => eventsOf(chatting).filter(({ type }) => type === "delta").length >= deltas)

function expectTheSame(devices: readonly Chatting[]): ConversationState {
  const [first, ...others] = devices.map((device) => stateOf(device))
  for (const other of others) expect(other).toEqual(first)
  for (const device of devices) {
    const seqs = eventsOf(device).map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from(seqs, (_, index) => index + 1))
  }
  expect(new Set(devices.map((device) => JSON.stringify(eventsOf(device)))).size).toBe(1)
  return first as ConversationState
}

test("[LOG1] [SUB4] one cut off in the middle of an answer ends with the others' history, token for token", async () => {
  const laptop = comes("ada", "laptop")
  await laptop.line(live)
  const phone = comes("ada", "phone")
  const tablet = comes("bob", "tablet")
  await Promise.all([phone.line(live), tablet.line(live)])
  laptop.type("tell me a story")
  await hasSeen(phone, 3)
  phone.type("/drop")
  await hasSeen(tablet, 8)
  phone.type("/drop")
  const devices = [laptop, phone, tablet]
  for (const device of devices) await device.line(is("run.ended"))
  const state = expectTheSame(devices)
  const answer = state.messages.at(-1)
  expect(state.runs).toMatchObject([{ status: "completed", attempt: 1 }])
  const deltas = eventsOf(phone).filter((event) => event.type === "delta")
  expect(deltas.map((event) => event.text).join("")).toBe(answer && textOf(answer))
  expect(deltas.length).toBeGreaterThan(8)
})

test("[RUN3] [LOG7] the server is killed in the middle of an answer and started again: all see one answer", async () => {
  const laptop = comes("ada", "laptop")
  await laptop.line(live)
  const tablet = comes("bob", "tablet")
  await tablet.line(live)
  laptop.type("tell me a story")
  await hasSeen(tablet, 5)
  serving.child.kill("SIGKILL")
  await serving.ended
  tablet.type("still there?")
  const port = new URL(address).port
  serving = serve(["--data", join(folder, "data"), "--port", port], {}, folder)
  await serving.ready
  const devices = [laptop, tablet]
  // The story's run, and the one that answers what was typed while there was no server.
  const bothEnded = (device: Chatting) => () => {
    const { runs } = stateOf(device)
    return runs.length === 2 && !runs.some(isOpen)
  }
  for (const device of devices) await device.line(bothEnded(device))
  const state = expectTheSame(devices)
  expect(state.runs.map(({ status }) => status)).toEqual(["completed", "completed"])
  expect(state.runs[0]?.attempt).toBe(2)
  const stories = state.messages.filter((message) => message.role === "assistant" && message.run === state.runs[0]?.id)
  expect(stories).toHaveLength(1)
  expect(eventsOf(laptop).some(({ type }) => type === "rewind")).toBe(true)
})
