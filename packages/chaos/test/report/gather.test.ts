/** What the page is given, out of what a run leaves behind. */
import { join } from "node:path"
import type { Finding } from "@everthread/sim"
import fc from "fast-check"
import { columnsOf } from "../../src/report/columns.ts"
import { spreadOf } from "../../src/report/figures.ts"
import { gather } from "../../src/report/gather.ts"
import { madeRecord } from "./made-record.ts"
import { jsonLines, recorded, removeFolders } from "./written.ts"

afterAll(removeFolders)

const conversation = "talk-k3f9a2xq"
const finding = (what: string): Finding => ({ law: "acked", conversation, device: "ada/device-1", what })
const gathered = (text: string) => gather(join(recorded(text), "history.jsonl"))

test("every operation of the record is in the columns, and counted by its outcome", async () => {
  const lines = madeRecord({ seconds: 20 })
  const { operations, figures, ms } = await gathered(jsonLines(lines))
  const asked = lines.flatMap((line) => (line.type === "operation" && line.kind !== "first token" ? [line] : []))
  expect(operations.gapMs).toHaveLength(lines.filter(({ type }) => type === "operation").length)
  expect(figures.operations).toBe(asked.length)
  expect(figures.acknowledged + figures.refused + figures.unknown).toBe(asked.length)
  expect(figures.firstToken?.count).toBe(
    lines.filter((line) => line.type === "operation" && line.kind === "first token").length,
  )
  expect(ms).toBe(23_100)
})

test("whatever was harmed has a lane: what stands by itself, and what only a fault names", async () => {
  const lines = madeRecord()
  const { lanes, faults } = await gathered(jsonLines(lines))
  const names = lanes.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
  for (const { target } of faults) expect(names).toContain(target)
  expect(lanes.find(({ name }) => name === "network")?.of).toBe("other")
  expect(lanes.map(({ of }) => of)).toEqual(
    [...lanes.map(({ of }) => of)].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
  )
})
const order = ["node", "server", "other", "device"]

test("a violation comes with the entries that it names, and some on either side", async () => {
  const { findings } = await gathered(jsonLines(madeRecord({ findings: [finding("12-n11 is not where it was")] })))
  expect(findings[0]?.entries.map(({ cursor }) => cursor)).toEqual(
    [9, 10, 11, 12, 13, 14, 15].map((seq) => `${seq}-n${seq - 1}`),
  )
  expect(findings[0]?.entries.filter(({ isNamed }) => isNamed).map(({ cursor }) => cursor)).toEqual(["12-n11"])
})

test("an entry is named by its text, and not by a part of another one", async () => {
  const { findings } = await gathered(jsonLines(madeRecord({ findings: [finding('"good morning 1" is there twice')] })))
  expect(findings[0]?.entries.filter(({ isNamed }) => isNamed).map(({ cursor }) => cursor)).toEqual(["1-n0"])
})

test("what names nothing that is stored comes with the end of the log", async () => {
  const { findings } = await gathered(jsonLines(madeRecord({ findings: [finding("hello is lost")] })))
  expect(findings[0]?.entries.at(-1)?.cursor).toBe("30-n29")
})

test("beyond a hundred, violations are counted and not shown", async () => {
  const findings = Array.from({ length: 130 }, (_, index) => finding(`number ${index}`))
  const data = await gathered(jsonLines(madeRecord({ seconds: 10, findings })))
  expect(data.findings).toHaveLength(100)
  expect(data.more).toBe(30)
})

test("of a run that was killed there is what it wrote, and half a line is not believed", async () => {
  const text = jsonLines(madeRecord({ seconds: 20 }))
  const data = await gathered(text.slice(0, text.indexOf('"type":"history"') + 40))
  expect(data.unreadable).toBe(1)
  expect(data.end).toBeUndefined()
  expect(data.figures.operations).toBeGreaterThan(100)
})

test("what is no record is refused", async () => {
  await expect(gathered('{"type":"fault"}\n')).rejects.toThrow("no line says what was run")
})

test("columns give back when each was asked for and how long it took", () => {
  const times = fc.array(fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.option(fc.integer({ min: 0, max: 1e5 }))))
  fc.assert(
    fc.property(times, (pairs) => {
      const lines = pairs.map(([fromMs, took]) => ({
        type: "operation" as const,
        device: "a/b",
        conversation: "c",
        kind: "send" as const,
        fromMs,
        outcome: took === null ? ("unknown" as const) : ("ok" as const),
        ...(took === null ? {} : { toMs: fromMs + took }),
      }))
      const { gapMs, tookMs } = columnsOf(lines, [])
      const fromMs = gapMs.map((_, index) => gapMs.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0))
      const back = fromMs.map((at, index) => [at, tookMs[index] === -1 ? null : tookMs[index]])
      expect(back).toEqual([...pairs].sort(([a], [b]) => a - b))
    }),
  )
})

test("quantiles are values that were there", () => {
  const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 })
  fc.assert(
    fc.property(values, (list) => {
      const spread = spreadOf(list)
      const notAbove = (most: number | undefined) => list.filter((value) => value <= Number(most)).length / list.length
      expect(notAbove(spread?.p50)).toBeGreaterThanOrEqual(0.5)
      expect(notAbove(spread?.p99)).toBeGreaterThanOrEqual(0.99)
      expect(list).toContain(spread?.p50)
      expect(spread?.max).toBe(Math.max(...list))
    }),
  )
  expect(spreadOf([])).toBeUndefined()
})
