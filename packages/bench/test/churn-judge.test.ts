/** What is counted against whoever loses, doubles or turns something round, and that nothing else is. */
import type { DeviceRecord } from "../src/churn/contestant.ts"
import { disordersIn } from "../src/churn/disorder.ts"
import { judge } from "../src/churn/judge.ts"
import { planOf } from "../src/churn/plan.ts"

const room = "room-1"
const texts = ["1", "2", "3", "4"].map((number) => `${room} ada/phone ${number}`)
const sent = texts.map((text, index) => ({
  text,
  times: 1,
  ack: { cursor: "", seq: 0 },
  writtenMs: index * 10,
  ackedMs: index * 10 + 5,
}))
const ada: DeviceRecord = { user: "ada", device: "phone", shown: texts, sent, gaps: [] }
const bob: DeviceRecord = { user: "bob", device: "phone", shown: texts, sent: [], gaps: [] }
const [first = "", second = "", third = "", fourth = ""] = texts

const nothing = { lost: 0, lostAndTold: 0, gapsTold: 0, doubled: 0, disordered: 0, unlikeWritten: 0, others: [] }

test("where everybody shows everything in one order, nothing is counted", () => {
  expect(judge(room, [ada, bob])).toEqual({ ...nothing, sent: 4, acknowledged: 4, deliveries: 8 })
  expect(judge(room, [])).toEqual({ ...nothing, sent: 0, acknowledged: 0, deliveries: 0 })
})

test("what was acknowledged and a device throws away is lost", () => {
  const verdict = judge(room, [ada, { ...bob, shown: [first, second, fourth] }])
  expect(verdict).toMatchObject({ ...nothing, lost: 1 })
  expect(judge(room, [ada, { ...bob, shown: [] }])).toMatchObject({ ...nothing, lost: 4 })
})

test("what was never acknowledged is not lost, whoever shows it", () => {
  const unknown = sent.map((one) => (one.text === third ? { ...one, ack: undefined, ackedMs: undefined } : one))
  const verdict = judge(room, [
    { ...ada, sent: unknown },
    { ...bob, shown: [first, second, fourth] },
  ])
  expect(verdict).toMatchObject({ ...nothing, sent: 4, acknowledged: 3 })
})

test("a gap that a device was told of covers what was under way then, and nothing else", () => {
  const gaps = [{ fromMs: 12, toMs: 18 }]
  const verdict = judge(room, [ada, { ...bob, shown: [first], gaps }])
  expect(verdict).toMatchObject({ lost: 3, lostAndTold: 1, gapsTold: 1 })
})

test("what is shown twice is doubled, and no disorder", () => {
  expect(judge(room, [ada, { ...bob, shown: [first, second, first, third, fourth] }])).toMatchObject({
    ...nothing,
    doubled: 1,
  })
})

test("what nobody sent is found", () => {
  const verdict = judge(room, [ada, { ...bob, shown: [...texts, `${room} eve/phone 1`] }])
  expect(verdict.others.map(({ law }) => law)).toEqual(["phantom"])
})

test("neighbours that another device shows the other way round are counted once for all devices", () => {
  const turned = [first, third, second, fourth]
  expect(disordersIn([texts, texts])).toBe(0)
  expect(disordersIn([texts, turned, turned])).toBe(1)
  expect(judge(room, [ada, { ...bob, shown: turned }])).toMatchObject({ ...nothing, disordered: 1, unlikeWritten: 1 })
  // A device that lacks one of the two says nothing of their order.
  expect(disordersIn([texts, [first, third, fourth]])).toBe(0)
})

test("a seed makes the same plan again, with every kind of fault in it", () => {
  const plan = planOf(7, 1)
  expect(planOf(7, 1)).toEqual(plan)
  expect(planOf(8, 1)).not.toEqual(plan)
  expect(new Set(plan.faults.map(({ fault }) => fault.kind))).toEqual(new Set(["kill", "freeze", "deafen"]))
})
