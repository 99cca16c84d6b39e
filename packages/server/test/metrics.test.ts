/** What a node knows of itself, read over HTTP as Prometheus reads it. */
import { freshNonce } from "@everthread/engine"
import { systemRandom } from "@everthread/protocol"
import { metricsTable } from "../src/metrics/index.ts"
import { type Scrape, scrape } from "./support/scrape.ts"
import { type NodeOverrides, startNode, type TestNode } from "./support/start-node.ts"

const running: TestNode[] = []
async function measured(overrides: NodeOverrides = {}): Promise<TestNode> {
  const started = await startNode({ metrics: {}, ...overrides })
  running.push(started)
  return started
}
afterEach(async () => {
  for (const started of running.splice(0).reverse()) await started.stop()
})

/** Scrapes until it shows what the test waits for: some numbers are there a moment after the frame that tells of them. */
async function until(port: number, isThere: (found: Scrape) => boolean): Promise<Scrape> {
  for (;;) {
    const found = await scrape(port)
    if (isThere(found)) return found
  }
}

const send = (key: string) => ({ type: "send", key, conversation: "c", text: "hello" })

describe("/metrics", () => {
  test("counts a message once, and says how long it took to be stored and to be delivered", async () => {
    const { connect, port } = await measured()
    const ada = await connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    const before = await scrape(port)
    const log = await ada.follow("c")
    await ada.must(send("1"))
    await ada.must(send("1"))
    await ada.until("it is delivered", () => log.texts.length === 1)
    const after = await scrape(port)
    const counts = [
      "chat_messages_processed_total",
      "chat_message_latency_count",
      "everthread_delivery_seconds_count",
      "everthread_delivery_from_other_nodes_seconds_count",
      'everthread_append_seconds_count{what="send"}',
      'everthread_append_seconds_count{what="output"}',
    ]
    expect(counts.map((name) => before.value(name))).toEqual([0, 0, 0, 0, 0, 0])
    expect(counts.map((name) => after.value(name))).toEqual([1, 1, 1, 0, 2, 0])
    expect(after.value("everthread_delivery_seconds_sum")).toBeGreaterThan(0)
  })

  test("[NOD4] a stream over HTTP is a connection of its gateway, with what went over it and what it follows, until it ends", async () => {
    const { connect, port } = await measured({ agents: ["scribe"] })
    const ada = await connect({ user: "anonymous" })
    await ada.must({ type: "create", key: "k", conversation: "c", agent: "scribe" })
    const names = ["connections", "sent_bytes_total", "frames_sent_total", "received_bytes_total"]
    const counted = (found: Scrape) => names.map((name) => found.value(`everthread_${name}{gateway="langgraph"}`) ?? 0)
    const asked = new AbortController()
    const body = JSON.stringify({ channels: ["values", "lifecycle"] })
    const stream = await fetch(`http://127.0.0.1:${port}/threads/c/stream/events`, {
      method: "POST",
      body,
      signal: asked.signal,
    })
    expect(stream.status).toBe(200)
    await ada.must(send("1"))
    const open = await until(port, (found) => (counted(found)[1] ?? 0) > 0)
    expect(counted(open)).toMatchObject([1, expect.any(Number), expect.any(Number), 0])
    expect(open.value("everthread_subscriptions")).toBe(1)
    asked.abort()
    const after = await until(port, (found) => counted(found)[0] === 0)
    expect(counted(after)[1]).toBeGreaterThanOrEqual(counted(open)[1] ?? 0)
    expect(after.value("everthread_subscriptions")).toBe(0)
  })

  test("knows a message that was sent on another node", async () => {
    const one = await measured()
    const two = await measured({ engine: one.engine, node: "node-b" })
    const [ada, bob] = [await one.connect({ user: "ada" }), await two.connect({ user: "bob" })]
    await ada.must({ type: "create", key: "k", conversation: "c", members: ["bob"] })
    const log = await bob.follow("c")
    await ada.must(send("1"))
    await bob.until("it is delivered", () => log.texts.length === 1)
    const found = await scrape(two.port)
    expect(found.value("everthread_delivery_from_other_nodes_seconds_count")).toBe(1)
    expect(found.value("everthread_delivery_seconds_count")).toBe(0)
    expect(found.value("chat_messages_processed_total")).toBe(0)
  })

  test("shows who is connected, what they follow and what has gone over the wire, also when they are gone", async () => {
    const { connect, open, port } = await measured()
    const ada = await connect({ user: "ada" })
    const simple = await open({ path: "/ws" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    await ada.follow("c")
    const during = await scrape(port)
    const value = (name: string) => during.value(name)
    expect(value("chat_active_connections")).toBe(2)
    expect(value('everthread_connections{gateway="native"}')).toBe(1)
    expect(value('everthread_connections{gateway="simple"}')).toBe(1)
    expect([value("everthread_subscriptions"), value("everthread_live_conversations")]).toEqual([1, 1])
    // A hello, a create and a subscribe.
    expect(value('everthread_frames_received_total{gateway="native"}')).toBe(3)
    expect(value('everthread_frames_sent_total{gateway="native"}')).toBeGreaterThanOrEqual(ada.frames.length)
    expect(value('everthread_received_bytes_total{gateway="native"}')).toBeGreaterThan(100)
    ada.cut()
    simple.cut()
    const after = await until(port, (found) => found.value("chat_active_connections") === 0)
    expect(after.value('everthread_connections{gateway="native"}')).toBe(0)
    expect(after.value("everthread_subscriptions")).toBe(0)
    for (const name of ["frames_received", "frames_sent", "received_bytes", "sent_bytes"]) {
      const sample = `everthread_${name}_total{gateway="native"}`
      expect(after.value(sample), sample).toBeGreaterThanOrEqual(value(sample) ?? Number.NaN)
    }
  })

  test("[LIN1] counts the devices that had to start over", async () => {
    const { connect, port } = await measured()
    const ada = await connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    const log = await ada.follow("c", "1-anotherhistory")
    expect(log.snapshots).toEqual(["diverged"])
    const found = await scrape(port)
    expect(found.value('everthread_resets_total{reason="diverged"}')).toBe(1)
    expect(found.value('everthread_resets_total{reason="trimmed"}')).toBe(0)
  })

  test("[ERR1] counts sends that were refused, and errors by their code", async () => {
    const { connect, port } = await measured({ rateLimit: { sends: 1, windowMs: 600_000 } })
    const ada = await connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    await ada.must(send("1"))
    expect(await ada.refusal(send("2"))).toMatchObject({ code: "rate_limited" })
    expect(await ada.refusal({ type: "subscribe", conversation: "nowhere" })).toMatchObject({ code: "not_member" })
    const found = await scrape(port)
    expect(found.value("everthread_rate_limited_sends_total")).toBe(1)
    expect(found.value('everthread_errors_sent_total{code="rate_limited"}')).toBe(1)
    expect(found.value('everthread_errors_sent_total{code="not_member"}')).toBe(1)
    expect(found.value('everthread_errors_sent_total{code="internal"}')).toBe(0)
  })

  test("counts errors of the simple protocol too", async () => {
    const { open, port } = await measured()
    const peer = await open({ path: "/ws" })
    peer.send("no JSON")
    await until(port, (found) => found.value('everthread_errors_sent_total{code="bad_frame"}') === 1)
  })

  test("[DLV3] counts a device that does not read, and shows what waits for it", async () => {
    const { connect, engine, port } = await measured({ websocket: { outboxBytesMax: 4_194_304 } })
    const ada = await connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    const slow = await connect({ user: "ada", device: "slow" })
    await slow.follow("c")
    slow.socket.pause()
    const by = { user: "ada", device: "phone" }
    const body = JSON.stringify({ type: "message", time: 0, by, id: "m", key: "m", text: "x".repeat(60_000) })
    let largest = 0
    for (;;) {
      await engine.log.append({ conversation: "c", nonce: freshNonce(systemRandom), bodies: [body] })
      const found = await scrape(port)
      largest = Math.max(largest, found.value("everthread_outbox_largest_bytes") ?? 0)
      if (found.value("everthread_slow_consumers_total") === 1) break
    }
    expect(largest).toBeGreaterThan(1_000_000)
    const after = await scrape(port)
    expect(after.value("everthread_outbox_bytes")).toBe(0)
    expect(after.value("chat_active_connections")).toBe(1)
  })

  test("says what state the store is in, and nothing of a Redis that there is not", async () => {
    const { port } = await measured()
    const found = await scrape(port)
    expect(found.value('everthread_engine_state{state="ready"}')).toBe(1)
    expect(found.value('everthread_engine_state{state="unavailable"}')).toBe(0)
    expect(found.families.get("chat_redis_memory_usage")?.samples.size).toBe(0)
  })

  test("shows what a store tells and uses", async () => {
    const { port } = await measured({
      wrapEngine: (engine) => ({
        ...engine,
        memoryBytes: async () => 4_096,
        observe(observer) {
          observer.roundTrip("append", 0.002, "answered")
          observer.roundTrip("append", 1, "failed")
          observer.reconnected("subscriber")
        },
      }),
    })
    const found = await scrape(port)
    expect(found.value("chat_redis_memory_usage")).toBe(4_096)
    const trip = 'everthread_engine_round_trip_seconds_bucket{le="0.0025",operation="append"'
    expect(found.value(`${trip},outcome="answered"}`)).toBe(1)
    expect(found.value(`${trip},outcome="failed"}`)).toBe(0)
    expect(found.value('everthread_engine_reconnects_total{connection="subscriber"}')).toBe(1)
    expect(found.value('everthread_engine_reconnects_total{connection="commands"}')).toBe(0)
  })

  test("is for those who bring the token, where there is one", async () => {
    const { port } = await measured({ metrics: { token: "let me see" } })
    const ask = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/metrics`, { headers })
    for (const headers of [{}, { authorization: "Bearer" }, { authorization: "Bearer let me" }] as const) {
      const response = await ask(headers as Record<string, string>)
      expect(response.status).toBe(401)
      expect(response.headers.get("www-authenticate")).toContain("Bearer")
      expect(await response.text()).not.toContain("chat_")
    }
    expect((await ask({ authorization: "bearer let me see" })).status).toBe(200)
  })

  test("is not there where nobody measures", async () => {
    const { port } = await startNode().then((started) => {
      running.push(started)
      return started
    })
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404)
  })
})

describe("the exposition", () => {
  let found: Scrape
  beforeEach(async () => {
    const { connect, port } = await measured()
    const ada = await connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    await ada.must(send("1"))
    found = await scrape(port)
  })

  test("[NOD4] has every metric of the table, with its type and its help", () => {
    for (const [name, { type, en }] of Object.entries(metricsTable)) {
      expect(found.families.get(name), name).toMatchObject({ type, help: en })
    }
  })

  test("[NOD4] has nothing of ours that is not in the table, and what everybody knows of a process", () => {
    const names = [...found.families.keys()]
    const ours = names.filter((name) => /^(chat|everthread)_/.test(name))
    expect(ours.sort()).toEqual(Object.keys(metricsTable).sort())
    expect(names).toContain("process_cpu_seconds_total")
    expect(names).toContain("process_resident_memory_bytes")
    expect(names).toContain("nodejs_eventloop_lag_p99_seconds")
    expect(names.every((name) => /^(chat|everthread|process|nodejs)_/.test(name))).toBe(true)
  })

  test("has histograms whose buckets rise to their count", () => {
    const histograms = [...found.families].filter(([, { type }]) => type === "histogram")
    expect(histograms.length).toBeGreaterThan(4)
    for (const [name, { samples }] of histograms) {
      const buckets = [...samples].filter(([sample]) => sample.startsWith(`${name}_bucket`))
      const counts = [...samples].filter(([sample]) => sample.startsWith(`${name}_count`)).map(([, count]) => count)
      expect(buckets.filter(([sample]) => sample.includes('le="+Inf"')).map(([, count]) => count)).toEqual(counts)
      for (const [at, [sample, count]] of buckets.entries()) {
        const isFirst = at === 0 || buckets[at - 1]?.[0].includes('le="+Inf"')
        expect(count, sample).toBeGreaterThanOrEqual(isFirst ? 0 : (buckets[at - 1]?.[1] ?? 0))
      }
    }
  })
})

describe("the names of the table", () => {
  // The first users' own, which do not follow the convention.
  const given = ["chat_message_latency", "chat_redis_memory_usage"]
  const entries = Object.entries(metricsTable).filter(([name]) => !given.includes(name))

  test.each(entries)("%s follows the convention", (name, { type, unit }: { type: string; unit?: string }) => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/)
    expect(name.endsWith("_total")).toBe(type === "counter")
    if (unit) expect(name.replace(/_total$/, "").endsWith(`_${unit}`)).toBe(true)
    else expect(name).not.toMatch(/_(seconds|bytes)(_total)?$/)
    expect(name).not.toMatch(/_(bucket|sum|count)$|milliseconds|_ms_/)
  })
})
