/** The parts behind `/metrics` that a running node shows too rarely. */

import type { Engine } from "@everthread/engine"
import { emptyState, reduceAll, seqOf } from "@everthread/protocol"
import { ManualClock, settled } from "../../../test/support/manual-clock.ts"
import { Feed } from "../src/core/feed.ts"
import { Gate } from "../src/core/gate.ts"
import { LogFrame } from "../src/core/log-frame.ts"
import { noMeter } from "../src/core/meter.ts"
import { Pages } from "../src/core/pages.ts"
import { createMetrics } from "../src/metrics/index.ts"
import { message } from "./support/bodies.ts"
import { FakeLog } from "./support/fake-log.ts"
import { recordingLog } from "./support/quiet-log.ts"
import { Scrape, scrape } from "./support/scrape.ts"
import { startNode } from "./support/start-node.ts"

const here = "everthread_delivery_seconds"
const elsewhere = "everthread_delivery_from_other_nodes_seconds"

/** A message that was written at `time`, as the only entry of a frame. */
function frameOf(nonce: string, time: number): LogFrame {
  const by = { user: "ada", device: "phone" }
  const body = JSON.stringify({ type: "message", time, by, id: "m", key: "k", text: "hello" })
  return LogFrame.of(`1-${nonce}`, [{ cursor: `2-${nonce}`, seq: 2, body }])
}

describe("how long a message takes to be delivered", () => {
  test("is measured by one clock where it was sent here, however the wall clock is set", async () => {
    const clock = new ManualClock()
    const { meter, read } = createMetrics(clock)
    meter.sending("1000000000000001")
    await clock.advance(250)
    meter.delivered(frameOf("1000000000000001", clock.now() + 3_600_000))
    const found = new Scrape(await read())
    expect(found.value(`${here}_sum`)).toBeCloseTo(0.25)
    expect([found.value(`${here}_count`), found.value(`${elsewhere}_count`)]).toEqual([1, 0])
  })

  test("is told by the message's own time where it was sent elsewhere, and is never less than nothing", async () => {
    const clock = new ManualClock()
    const { meter, read } = createMetrics(clock)
    meter.delivered(frameOf("1000000000000001", clock.now() - 2_000))
    meter.delivered(frameOf("1000000000000002", clock.now() + 60_000))
    const found = new Scrape(await read())
    expect([found.value(`${elsewhere}_sum`), found.value(`${elsewhere}_count`)]).toEqual([2, 2])
    expect(found.value(`${here}_count`)).toBe(0)
  })

  test("is not asked of anything that is no message", async () => {
    const clock = new ManualClock()
    const { meter, read } = createMetrics(clock)
    const bodies = ['{"type":"delta","time":1}', '{"type":"message"}', '{"type":"message","time":null}', "no JSON"]
    for (const body of bodies) meter.delivered(LogFrame.of("1-1", [{ cursor: "2-2", seq: 2, body }]))
    const found = new Scrape(await read())
    expect([found.value(`${here}_count`), found.value(`${elsewhere}_count`)]).toEqual([0, 0])
  })

  test("forgets sends that never came back, oldest first", async () => {
    const clock = new ManualClock()
    const { meter, read } = createMetrics(clock)
    for (let sent = 0; sent < 5_000; sent++) meter.sending(`${sent}`)
    meter.delivered(frameOf("0", clock.now()))
    meter.delivered(frameOf("4999", clock.now()))
    const found = new Scrape(await read())
    expect([found.value(`${here}_count`), found.value(`${elsewhere}_count`)]).toEqual([1, 1])
  })
})

test("a store that does not say how much memory it uses hides nothing else", async () => {
  const clock = new ManualClock()
  const metrics = createMetrics(clock)
  const engine = {
    observe() {},
    status: () => ({ state: "unavailable", reason: "away" }),
    memoryBytes: () => new Promise(() => {}),
  } as unknown as Engine
  metrics.watchEngine(engine)
  const reading = metrics.read()
  await clock.advance(1_000)
  const found = new Scrape(await reading)
  expect(found.value('everthread_engine_state{state="unavailable"}')).toBe(1)
  expect(found.value('everthread_engine_state{state="ready"}')).toBe(0)
  expect(found.families.get("chat_redis_memory_usage")?.samples.size).toBe(0)
  expect(clock.timers).toBe(0)
})

test("a process that comes late to what is due shows by how much, until it is stopped", async () => {
  const clock = new ManualClock()
  let heldUpMs = 0
  const { watchNode, read } = createMetrics({
    now: () => clock.now(),
    monotonic: () => clock.monotonic() + heldUpMs,
    startTimer: (delayMs, run) => clock.startTimer(delayMs, run),
    stopTimer: (timer) => clock.stopTimer(timer),
    endOfTick: (run) => clock.endOfTick(run),
  })
  const nothing = { gateways: new Map(), subscriptions: 0, waitingBytes: 0, waitingBytesLargest: 0 }
  const stop = watchNode({ gateways: [], connections: () => 0, conversations: () => 0, traffic: () => nothing })
  await clock.advance(200)
  heldUpMs = 450
  await clock.advance(100)
  const found = new Scrape(await read())
  const lag = "everthread_event_loop_lag_seconds"
  expect(found.value(`${lag}_count`)).toBe(3)
  expect(found.value(`${lag}_sum`)).toBeCloseTo(0.45)
  expect(found.value(`${lag}_bucket{le="0.00025"}`)).toBe(2)
  stop()
  expect(clock.timers).toBe(0)
})

test("a worker's runs and what it tells are shown", async () => {
  const { worker, watchWorker, read } = createMetrics(new ManualClock())
  watchWorker({ runsActive: 3, runsQueued: 5 })
  worker.attemptStarted()
  worker.attemptEnded("handed-over")
  worker.takenOver()
  worker.fenced()
  worker.appended(0.003)
  const found = new Scrape(await read())
  expect(found.value('everthread_runs{state="active"}')).toBe(3)
  expect(found.value('everthread_runs{state="queued"}')).toBe(5)
  expect(found.value("everthread_attempts_started_total")).toBe(1)
  expect(found.value('everthread_attempts_ended_total{end="handed-over"}')).toBe(1)
  expect(found.value('everthread_attempts_ended_total{end="lost"}')).toBe(0)
  expect(found.value("everthread_takeovers_total")).toBe(1)
  expect(found.value("everthread_fenced_writes_total")).toBe(1)
  expect(found.value('everthread_append_seconds_bucket{le="0.005",what="output"}')).toBe(1)
})

test("two reads at a time show the same, and totals do not grow by being read", async () => {
  const { watchNode, read } = createMetrics(new ManualClock())
  const traffic = { framesSent: 7, bytesSent: 70, framesReceived: 3, bytesReceived: 30 }
  const gateways = new Map([["native", { connections: 2, traffic }]])
  const all = { gateways, subscriptions: 4, waitingBytes: 9, waitingBytesLargest: 8 }
  watchNode({ gateways: ["native", "simple"], connections: () => 2, conversations: () => 1, traffic: () => all })
  for (const text of [...(await Promise.all([read(), read()])), await read()]) {
    const found = new Scrape(text)
    expect(found.value('everthread_frames_sent_total{gateway="native"}')).toBe(7)
    expect(found.value('everthread_sent_bytes_total{gateway="simple"}')).toBe(0)
    expect(found.value("everthread_outbox_largest_bytes")).toBe(8)
  }
})

test("a gap that a node fills is told, and what it was told in turn is not", async () => {
  const log = new FakeLog()
  log.write(message("1"))
  let fills = 0
  const told: string[] = []
  const feed = await Feed.open({
    conversation: "c",
    log,
    logger: recordingLog(),
    meter: { ...noMeter, filled: () => fills++, delivered: ({ cursor }) => told.push(cursor) },
    gate: new Gate(1),
    pages: new Pages(100_000, new ManualClock()),
    ringCharsMax: 100_000,
    alias: 0,
    grown: () => undefined,
    closed: () => undefined,
  })
  log.write(message("2"))
  // Nobody follows yet, so nothing was delivered.
  expect([fills, told]).toEqual([0, []])
  feed?.follow({ frame() {}, ephemeral() {}, lost() {} })
  log.write(message("3"))
  expect(fills).toBe(0)
  log.store(message("4"))
  log.untold.length = 0
  log.write(message("5"))
  await settled()
  expect(fills).toBe(1)
  expect(told.map(seqOf)).toEqual([3, 5])
})

test("[SUB2] a device that was away for longer than the log is kept is counted as trimmed", async () => {
  const one = await startNode()
  const two = await startNode({ engine: one.engine, node: "node-b", metrics: {} })
  try {
    const ada = await one.connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    const log = await ada.follow("c")
    const { cursor: old } = log
    for (const key of ["1", "2", "3"]) await ada.must({ type: "send", key, conversation: "c", text: key })
    await ada.until("all is there", () => log.texts.length === 3)
    const snapshot = { cursor: log.cursor ?? "", state: JSON.stringify(reduceAll(emptyState, log.events)) }
    const compact = { conversation: "c", snapshot, archive: [], trimThrough: log.seq }
    expect(await one.engine.log.compact(compact)).toBe(true)
    const tablet = await two.connect({ user: "ada", device: "tablet" })
    expect((await tablet.follow("c", old)).snapshots).toEqual(["trimmed"])
    const found = await scrape(two.port)
    expect(found.value('everthread_resets_total{reason="trimmed"}')).toBe(1)
    expect(found.value('everthread_resets_total{reason="diverged"}')).toBe(0)
    // A device that comes for the first time is given a snapshot, too, and has lost nothing.
    const laptop = await two.connect({ user: "ada", device: "laptop" })
    expect((await laptop.follow("c")).snapshots).toEqual(["fresh"])
    expect((await scrape(two.port)).value('everthread_resets_total{reason="trimmed"}')).toBe(1)
  } finally {
    await two.stop()
    await one.stop()
  }
})
