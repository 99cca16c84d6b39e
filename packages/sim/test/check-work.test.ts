/** What checking costs: it grows with the history, and no faster. Counted, because a clock would tell of the machine. */
import type { LogEvent } from "@everthread/protocol"
import { seededRandom } from "../../../test/support/seeded-random.ts"
import { check, type History, type StoredEntry } from "../src/index.ts"
import { conversation, entriesOf, expected, messageBy, viewOf } from "./support/good-history.ts"

const by = { user: "ada", device: "phone" }

/** A history of so many events that counts how often one of them is looked at. */
function countedHistory(length: number) {
  let looks = 0
  const bodies = Array.from({ length }, (_, number) => messageBy(by, number))
  const plain = entriesOf(bodies, 0, seededRandom(1))
  const counted = (event: LogEvent): LogEvent =>
    new Proxy(event, {
      get(target, key, receiver) {
        if (key === "type") looks += 1
        return Reflect.get(target, key, receiver) as unknown
      },
    })
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

test("twice as long a history is twice the work, and 50,000 events are looked at some ten times each", () => {
  const [small, large] = [looksAt(2_000), looksAt(4_000)]
  expect(large / small).toBeLessThan(2.2)
  expect(looksAt(50_000)).toBeLessThan(50_000 * 40)
})
