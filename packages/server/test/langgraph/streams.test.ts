/** Streams over HTTP as they come over the wire: where they begin, and that they end with their node. */
import { encoderFor, sseFraming, webSocketFraming } from "../../src/gateways/langgraph/events/encode.ts"
import { nodeForTests, startNode } from "../support/start-node.ts"
import { claimNext, fresh, stage } from "./support/nodes.ts"
import { deltasOf, type Told } from "./support/stock.ts"

const node = nodeForTests({ agents: ["scribe"] })
const { device } = stage(() => node().port)

interface Sent extends Told {
  readonly lastEventId: string
}

/** Reads a stream until an event fits. */
async function read(
  port: number,
  thread: string,
  isLast: (told: Told) => boolean,
  { headers = {}, ...body }: { readonly headers?: Record<string, string>; readonly since?: number } = {},
): Promise<Sent[]> {
  const stop = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${port}/threads/${thread}/stream/events`, {
    method: "POST",
    body: JSON.stringify({ channels: ["messages", "values", "lifecycle"], ...body }),
    headers: { "x-everthread-user": "ada", ...headers },
    signal: stop.signal,
  })
  expect(answer.headers.get("content-type")).toContain("text/event-stream")
  const sent: Sent[] = []
  let text = ""
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (text + chunk).split("\n\n")
    text = events.pop() ?? ""
    for (const event of events) {
      const [, id = "", data = ""] = /^id: (\S+)\nevent: message\ndata: (.*)$/m.exec(event) ?? []
      if (data) sent.push({ ...(JSON.parse(data) as Told), lastEventId: id })
    }
    if (sent.some(isLast)) break
  }
  stop.abort()
  return sent
}

const isNow = ({ event_id }: Told) => event_id.endsWith(".now0")

test("[LGR3] since and Last-Event-ID tell from where on: what follows, and nothing before", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada", transport: "sse" })
  const id = await ada.say("Tell me", "m-1")
  const run = await claimNext(node(), thread)
  await run.answer(`${id}.0`, "Once ", "upon ", "a time")
  await run.end()
  const all = await read(node().port, thread, isNow)
  expect(deltasOf(all)).toEqual(["Once ", "upon ", "a time"])
  for (const told of all) expect(told.lastEventId).toBe(told.event_id)
  const positions = all.map(({ seq }) => seq)
  expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
  for (const [at, told] of all.slice(0, -1).entries()) {
    const since = await read(node().port, thread, isNow, { since: told.seq })
    expect(since.map(({ event_id }) => event_id)).toEqual(all.slice(at + 1).map(({ event_id }) => event_id))
    const headers = { "last-event-id": told.event_id }
    expect(await read(node().port, thread, isNow, { headers })).toEqual(since)
  }
})

test("[LGR2] a repeat is the same to the last character, whoever asks", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada", transport: "sse" })
  const id = await ada.say("Tell me", "m-1")
  const run = await claimNext(node(), thread)
  await run.answer(`${id}.0`, "Once")
  await run.end()
  const first = await read(node().port, thread, isNow)
  expect(await read(node().port, thread, isNow)).toEqual(first)
})

test("[CON4] a node that leaves ends its streams at once", async () => {
  const leaving = await startNode({ agents: ["scribe"] })
  const address = `http://127.0.0.1:${leaving.port}/threads/${fresh()}/stream/events`
  const answer = await fetch(address, { method: "POST", body: '{"channels":["values"]}' })
  const [text] = await Promise.all([answer.text(), leaving.server.drain(60_000)])
  expect(text).toContain('"method":"values"')
  await leaving.stop()
})

test("[DLV1] subscriptions that want the same share what is encoded, in whatever order they were made", () => {
  const values = { channels: ["values"], namespaces: undefined, depth: undefined }
  const words = { channels: ["messages"], namespaces: [[]], depth: 1 }
  const shared = encoderFor(webSocketFraming, [values, words])
  expect(encoderFor(webSocketFraming, [{ ...words }, { ...values }, { ...values }])).toBe(shared)
  expect(encoderFor(sseFraming, [values, words])).not.toBe(shared)
  expect(encoderFor(webSocketFraming, [values])).not.toBe(shared)
})
