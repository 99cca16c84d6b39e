/** What is measured at delivery is delivered: every event to every device, by each contestant. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openRawPeer } from "../src/delivery/raw-peer.ts"
import { compileWriter, rawFrameBytes, startWriter } from "../src/fan-out/c-writer.ts"
import { columns, rowOf } from "../src/fan-out/rows.ts"
import { writtenBy } from "../src/fan-out/written.ts"

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

test("without a compiler the writer in C is missing, for a reason that can be printed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "everthread-no-compiler-"))
  expect(await compileWriter(folder, "no-such-compiler")).toEqual({
    missing: "The writer in C is left out: there is no C compiler.",
  })
  rmSync(folder, { recursive: true })
})

const writer = await startWriter()

test.skipIf("missing" in writer)("the writer in C writes each event to everybody, one by one or joined", async () => {
  if ("missing" in writer) return
  const tally = { delivered: 0, heardAt: 0, delaysUs: [] }
  for (let number = 0; number < 3; number++) await openRawPeer(writer.port, number, rawFrameBytes, tally)
  const cpuBefore = await writer.cpuUs()
  const writtenBefore = writtenBy(writer.pid)
  const bursts = { bursts: 2, events: 16, perSecond: 1_000, textBytes: 200 }
  await writer.emit({ ...bursts, joined: 1 })
  await until(() => tally.delivered >= 3 * 2 * 16)
  await writer.emit({ ...bursts, joined: 16 })
  await until(() => tally.delivered >= 3 * 2 * 16 * 2)
  expect(tally.delivered).toBe(3 * 2 * 16 * 2)
  expect(await writer.cpuUs()).toBeGreaterThan(cpuBefore)
  const { writes, bytes } = writtenBy(writer.pid)
  if (Number.isNaN(writes)) return writer.stop()
  // Besides, a line for each question.
  expect(writes - writtenBefore.writes).toBe(3 * 2 * (16 + 1) + 3)
  expect(bytes - writtenBefore.bytes).toBeGreaterThanOrEqual(tally.delivered * rawFrameBytes)
  await writer.stop()
})

test("a row says how many times its cost the other one takes, and nothing about delays that were not stamped", () => {
  const figures = (nodeUs: number) => ({
    ...{ nodeUs, redisUs: 0, writes: 1, writtenBytes: 290, rate: 1_000, nodesBusy: 0.5, redisBusy: 0, loadBusy: 0.25 },
    ...{ delayMedianMs: 0, delayP99Ms: 0 },
  })
  const row = rowOf("ours", [figures(2), figures(2)], [figures(16), figures(18)])
  expect(row).toEqual(["ours", "2.00 (2.00–2.00)", "8.50x", "0.00", "1000", "", "", "0.50 / 0.00 / 0.25"])
  expect(row).toHaveLength(columns("other").length)
})
