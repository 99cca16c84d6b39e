/** What the bench asks of Redis, against a real one. */
import { systemClock, systemRandom } from "@everthread/protocol"
import { drive } from "../src/measure/lanes.ts"
import { roundTrips } from "../src/parts/round-trips.ts"
import { createLanes, outputs, sends } from "../src/redis/appends.ts"
import { deltaBody, messageBody } from "../src/redis/bodies.ts"
import { parseCounts } from "../src/redis/control.ts"
import { startListeningNode } from "../src/redis/listening-node.ts"
import { channelsOf, withNodePair } from "../src/redis/node-pair.ts"

const bench = { clock: systemClock, random: systemRandom, isQuick: true, rounds: 1, say: () => undefined }

test("bodies are as long as they are asked to be", () => {
  for (const bytes of [100, 200]) {
    expect(Buffer.byteLength(deltaBody(bytes))).toBe(bytes)
    expect(Buffer.byteLength(messageBody(bytes))).toBe(bytes)
    expect(JSON.parse(messageBody(bytes))).toMatchObject({ type: "message" })
  }
  expect(() => deltaBody(20)).toThrow("does not fit")
})

test("counts are read from INFO, and what is not there is an error", () => {
  const info =
    "used_cpu_sys_main_thread:1.5\r\nused_cpu_user_main_thread:2.25\r\ntotal_reads_processed:7\r\nused_memory:99\r\n" +
    "cmdstat_evalsha:calls=12,usec=34,usec_per_call=2.83\r\n"
  const counts = parseCounts(info)
  expect(counts).toMatchObject({ cpuUs: 3_750_000, reads: 7, usedBytes: 99 })
  expect(counts.calls.get("evalsha")).toBe(12)
  expect(() => parseCounts("used_memory:1\r\n")).toThrow("used_cpu")
})

test("what is measured is stored: every append of every lane is in its log", () =>
  withNodePair(bench, "memory", async ({ nodes, server }) => {
    const lanes = await createLanes(nodes, 4, systemRandom)
    const listener = await startListeningNode(server.url, channelsOf(nodes[0]))
    await drive(4, 20, sends(lanes, messageBody(100), systemRandom))
    await drive(4, 20, await outputs(lanes, [deltaBody(100), deltaBody(100)], systemRandom))
    const heads = await Promise.all(lanes.map(({ engine, conversation }) => engine.log.head(conversation)))
    const entries = heads.reduce((sum, head) => sum + Number(head?.split("-")[0]), 0)
    // Each began with one entry, and opened one run.
    expect(entries).toBe(4 + 20 + 4 + 20 * 2)
    listener.close()
  }))

test("an append is one script, whatever it is asked to check", async () => {
  const { targets } = await roundTrips(bench)
  const scripts = targets.filter(({ name }) => name.startsWith("scripts for"))
  expect(scripts.map(({ value }) => value)).toEqual([1, 1, 1])
})
