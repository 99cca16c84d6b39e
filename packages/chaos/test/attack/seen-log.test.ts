/** The log as devices saw it stands in for the store's own: what agrees is no finding, and what does not is one. */
import { emptyState, type LogEvent } from "@everthread/protocol"
import { check, type DeviceHistory, type History, type Step, type View } from "@everthread/sim"
import { seenLog } from "../../src/attack/seen-log.ts"

const conversation = "talk"
const message = (seq: number, text: string): LogEvent => {
  const by = { user: "ada", device: "one" }
  return {
    type: "message",
    seq,
    id: `m${seq}`,
    key: `k${seq}`,
    text: `${conversation} ${text}`,
    by,
    at: seq,
  } as unknown as LogEvent
}
const frame = (prev: string, cursor: string, ...events: LogEvent[]): Step => ({ type: "events", prev, cursor, events })
const viewAt = (cursor: string) =>
  ({ cursor, state: emptyState, messages: [], pending: 0, present: [] }) as unknown as View

function device(name: string, steps: readonly Step[], end: string): DeviceHistory {
  return { user: "ada", device: name, steps, wire: [], sent: [], end: viewAt(end) } as unknown as DeviceHistory
}

function lawsOf(devices: readonly DeviceHistory[], head: string, messages: View["messages"] = []): string[] {
  const fresh = { ...viewAt(head), messages }
  const history: History = { conversation, devices, fresh, log: seenLog(devices, fresh) }
  const found = check(history, { rollback: false, present: undefined, answer: () => [] })
  return [...new Set(found.map(({ law }) => law))]
}

const first = frame("0-0", "1-a", message(1, "x"))
const second = frame("1-a", "2-b", message(2, "y"))

test("frames that were joined and frames that were not are one log", () => {
  const joined = frame("0-0", "2-b", message(1, "x"), message(2, "y"))
  const log = seenLog([device("one", [first, second], "2-b"), device("two", [joined], "2-b")], viewAt("2-b"))
  expect(log.map(({ cursor }) => cursor)).toEqual(["1-a", "2-b"])
  expect(lawsOf([device("one", [first, second], "2-b"), device("two", [joined], "2-b")], "2-b")).toEqual([])
})

test("another entry in the same place is found", () => {
  const other = frame("1-a", "2-c", message(2, "z"))
  expect(lawsOf([device("one", [first, second], "2-b"), device("two", [first, other], "2-c")], "2-b")).toContain(
    "diverged",
  )
})

test("what only a device that has just come is shown is missing on the others", () => {
  const messages = [{ role: "user", seq: 2, text: `${conversation} y` }] as unknown as View["messages"]
  expect(lawsOf([device("one", [first], "1-a")], "2-b", messages)).toContain("converge")
})
