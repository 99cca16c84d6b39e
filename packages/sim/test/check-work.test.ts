/** What checking costs: it grows with the history, and no faster. Counted, because a clock would tell of the machine. */
import type { EventBody, Json, LogEvent } from "@everthread/protocol"
import { seededRandom } from "../../../test/support/seeded-random.ts"
import { check, type History, type StoredEntry } from "../src/index.ts"
import { conversation, entriesOf, expected, messageBy, viewOf } from "./support/good-history.ts"

const by = { user: "ada", device: "phone" }

function countingReads(event: LogEvent, read: () => void): LogEvent {
  return new Proxy(event, {
    get(target, key, receiver) {
      if (key === "type") read()
      return Reflect.get(target, key, receiver) as unknown
    },
  })
}

/** A history of so many events that counts how often one of them is looked at. */
function countedHistory(length: number) {
  let looks = 0
  const bodies = Array.from({ length }, (_, number) => messageBy(by, number))
  const plain = entriesOf(bodies, 0, seededRandom(1))
  const counted = (event: LogEvent): LogEvent => countingReads(event, () => void looks++)
  const log: StoredEntry[] = plain.map(({ cursor, event }) => ({ cursor, event: counted(event) }))
  const end = { ...viewOf(plain), present: expected.present ?? [] }
  const steps = log.map(({ cursor, event }, index) => ({
    ...{ type: "events" as const, prev: log[index - 1]?.cursor ?? "0-0", cursor, events: [event] },
  }))
  const sent = plain.flatMap(({ cursor, event }, index) =>
    event.type === "message"
      ? [{ text: event.text, ack: { cursor, seq: event.seq }, times: 1, writtenMs: index, ackedMs: index + 0.5 }]
      : [],
  )
  const history: History = {
    conversation,
    devices: [{ ...by, steps, wire: [{ asked: undefined, steps }], sent, end }],
    log,
    fresh: end,
  }
  return { history, looks: () => looks }
}

function looksAt(length: number): number {
  const { history, looks } = countedHistory(length)
  const before = looks()
  check(history, expected)
  return looks() - before
}

/** What a run says is most of a history: each word is to be looked at a few times, however many other words there are. */
function spokenLooksAt(runs: number): number {
  let looks = 0
  const bodies = Array.from({ length: runs }, (_, number) => answered(number)).flat()
  const log = entriesOf(bodies, 0, seededRandom(1)).map(({ cursor, event }) => ({
    cursor,
    event: countingReads(event, () => void looks++),
  }))
  const end = { ...viewOf([]), present: expected.present ?? [] }
  const steps = log.map(({ cursor, event }, index) => ({
    ...{ type: "events" as const, prev: log[index - 1]?.cursor ?? "0-0", cursor, events: [event] },
  }))
  check({ conversation, devices: [{ ...by, steps, wire: [], sent: [], end }], log, fresh: end }, expected)
  return looks
}

function answered(number: number): EventBody[] {
  const [run, message] = [`run-${number}`, `said-${number}`]
  const said = (data: { [key: string]: Json }): EventBody => ({
    ...{ type: "agent", time: 1, run, method: "messages", ns: ["node:task"], node: "node", message, data },
  })
  const word = (at: number): EventBody => ({ type: "delta", message, block: 0, at, text: "a" })
  return [
    said({ event: "message-start", role: "ai" }),
    said({ event: "content-block-start", index: 0, content: { type: "text", text: "" } }),
    ...Array.from({ length: 40 }, (_, at) => word(at)),
    said({ event: "message-finish" }),
  ]
}

test("the words of runs are looked at equally often, however many runs there were", () => {
  const [small, large] = [spokenLooksAt(50), spokenLooksAt(400)]
  expect(large / small).toBeLessThan(8 * 1.1)
})

test("twice as long a history is twice the work, and 50,000 events are looked at some ten times each", () => {
  const [small, large] = [looksAt(2_000), looksAt(4_000)]
  expect(large / small).toBeLessThan(2.2)
  expect(looksAt(50_000)).toBeLessThan(50_000 * 40)
})
