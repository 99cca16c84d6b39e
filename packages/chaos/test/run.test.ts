/** A whole run, small: it breaks what it says, heals it, judges it, and leaves a record that can be read. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@everthread/protocol"
import type { RecordLine } from "../src/record/record.ts"
import { readOptions } from "../src/run/options.ts"
import { runChaos } from "../src/run/run.ts"

const folder = mkdtempSync(join(tmpdir(), "everthread-chaos-"))
afterAll(() => rmSync(folder, { recursive: true }))

async function run(args: readonly string[], heard: (progress: string, abort: () => void) => void = () => undefined) {
  const lines: string[] = []
  const controller = new AbortController()
  const show = {
    progress: (text: string) => heard(text, () => controller.abort()),
    line: (text: string) => void lines.push(text),
  }
  const circumstances = { clock: systemClock, hasOwnNetwork: false, signal: controller.signal }
  const isWell = await runChaos(readOptions(args), show, circumstances)
  return { isWell, lines }
}

const recordIn = (out: string): readonly RecordLine[] =>
  readFileSync(join(out, "history.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordLine)

test("[RUN3] [SUB2] [NOD1] a node is killed while people write and ask: nothing is found, and all of it is recorded", async () => {
  const out = join(folder, "kill")
  const { isWell, lines } = await run([
    "--seconds",
    "4",
    "--nodes",
    "2",
    "--seed",
    "3",
    "--only",
    "kill-node",
    "--out",
    out,
  ])
  expect(lines.join("\n")).toContain("0 findings")
  expect(isWell).toBe(true)
  const record = recordIn(out)
  const of = (type: RecordLine["type"]) => record.filter((line) => line.type === type)
  expect(record[0]).toMatchObject({
    type: "run",
    seed: 3,
    store: "redis",
    nemeses: [{ name: "kill-node" }],
    leftOut: [],
  })
  expect(of("fault")).toContainEqual(expect.objectContaining({ nemesis: "kill-node", what: "killed (SIGKILL)" }))
  expect(of("state")).toContainEqual(expect.objectContaining({ of: "node", state: "down" }))
  expect(of("operation").length).toBeGreaterThan(20)
  expect(of("history").length).toBe(3)
  expect(record.at(-1)).toMatchObject({ type: "end", findings: 0 })
  expect(existsSync(join(out, "report.html"))).toBe(true)
}, 180_000)

test("a run that is interrupted heals what is broken, and judges what there is", async () => {
  const out = join(folder, "interrupted")
  const args = ["--seconds", "50", "--nodes", "1", "--store", "embedded", "--only", "pause-node", "--out", out]
  const { isWell, lines } = await run(args, (progress, abort) => {
    if (progress.includes("now pause-node")) abort()
  })
  expect(lines.join("\n")).toContain("0 findings")
  expect(isWell).toBe(true)
  const record = recordIn(out)
  expect(record.filter(({ type }) => type === "fault").length).toBe(1)
  expect(record.at(-1)).toMatchObject({ type: "end", error: "it was interrupted" })
}, 180_000)
