/** What holds for every conversation: random ones, people's messages and agents' interleaved. */
import type { Engine } from "@everthread/engine"
import { type EventBody, emptyState, type LogEvent, reduceAll, seqOf, systemRandom, textOf } from "@everthread/protocol"
import * as fc from "fast-check"
import { histories } from "../../../protocol/test/histories/index.ts"
import { foldLog } from "../../src/core/fold.ts"
import { Assembly } from "./support/assembly.ts"
import { type Frame, type SimpleClient, texts } from "./support/simple-client.ts"
import { fresh, type SimpleNode, simpleNode } from "./support/simple-node.ts"
import { SimulatedRun } from "./support/simulated-agent.ts"

const node = simpleNode()
const nonce = () => systemRandom.id(10)
const runs = { numRuns: 25 }

/** What a client may see again: a message's name and what it says. */
const named = (frames: readonly Frame[]) => texts(frames).map((frame) => [frame["message_id"], frame["content"]])

function bodiesOf(history: readonly LogEvent[]): EventBody[] {
  return history.map(({ seq: _, ...body }) => body as EventBody)
}

async function begin(engine: Engine, bodies: readonly EventBody[]): Promise<string> {
  const conversation = fresh("law")
  const members = ["ann", "vic"].map((user) => ({ user, role: "owner" as const }))
  const created = bodies.slice(0, 2).map((body) => JSON.stringify(body))
  await engine.log.create({ conversation, nonce: nonce(), bodies: created, members })
  return conversation
}

/** Appends in pieces, as appends come. */
async function append(engine: Engine, conversation: string, bodies: readonly EventBody[], size: number): Promise<void> {
  for (let from = 0; from < bodies.length; from += size) {
    const piece = bodies.slice(from, from + size).map((body) => JSON.stringify(body))
    await engine.log.append({ conversation, nonce: nonce(), bodies: piece })
  }
}

/** A text that marks the end of what is there: everything before it has come when it comes. */
async function end(engine: Engine, conversation: string): Promise<string> {
  const id = fresh("end")
  const body = { type: "message", time: 0, by: { user: "ann", device: "d" }, id, key: `k-${id}`, text: id }
  await engine.log.append({ conversation, nonce: nonce(), bodies: [JSON.stringify(body)] })
  return id
}

async function readAll(hello: object, conversation_id: string, at: SimpleNode = node()): Promise<Frame[]> {
  const client = await at.connect("vic", fresh("device"), { conversation_id, ...hello })
  const frames = await untilEnd(client, await end(node().engine, conversation_id))
  await client.close()
  return frames
}

async function untilEnd(client: SimpleClient, id: string): Promise<Frame[]> {
  return client.upTo((frame) => frame.type === "text" && frame["message_id"] === id)
}

const withoutEnds = (frames: readonly Frame[]) =>
  frames.filter((frame) => !String(frame["message_id"]).startsWith("end"))

test("[SIM3] coming back with any text's cursor loses nothing and repeats nothing", async () => {
  const law = async (history: LogEvent[], size: number, picks: number[]) => {
    const { engine } = node()
    const bodies = bodiesOf(history)
    const conversation_id = await begin(engine, bodies)
    const live = await node().connect("vic", fresh("device"), { conversation_id })
    await append(engine, conversation_id, bodies.slice(2), size)
    const seen = texts(await untilEnd(live, await end(engine, conversation_id)))
    await live.close()
    expect(withoutEnds(await readAll({ cursor: "0-0" }, conversation_id))).toEqual(seen)
    const other = await node().again()
    for (const [index, pick] of picks.entries()) {
      const at = pick % Math.max(seen.length, 1)
      const cursor = seen[at]?.["cursor"]
      if (cursor === undefined) continue
      const rest = withoutEnds(await readAll({ cursor }, conversation_id, index === 0 ? node() : other))
      // Several messages that one event made whole share its cursor; none of them is after it.
      expect(rest).toEqual(seen.slice(at + 1).filter((frame) => Number(frame["seq"]) > seqOf(String(cursor))))
    }
    await other.stop()
  }
  const picks = fc.array(fc.nat(), { minLength: 2, maxLength: 2 })
  await fc.assert(fc.asyncProperty(histories(80), fc.integer({ min: 1, max: 20 }), picks, law), runs)
})

test("[SIM3] the stream adds up to what the conversation holds, whatever the client lost on the way", async () => {
  const law = async (history: LogEvent[], size: number, cuts: number[]) => {
    const { engine } = node()
    const bodies = bodiesOf(history).filter(({ type }) => !["edit", "redaction", "expired"].includes(type))
    const conversation_id = await begin(engine, bodies)
    const device = fresh("device")
    const assembly = new Assembly()
    const places = [2, ...cuts.map((cut) => 2 + (cut % bodies.length)).sort((a, b) => a - b), bodies.length]
    for (const [index, from] of places.entries()) {
      const client = await node().connect("vic", device, { conversation_id, stream: true })
      await append(engine, conversation_id, bodies.slice(from, places[index + 1]), size)
      if (index === places.length - 1) await untilEnd(client, await end(engine, conversation_id))
      else await client.settled()
      // Cut in the middle: what was under way comes again on the next connection.
      client.socket.terminate()
      await client.closed
      for (const frame of withoutEnds(client.frames.slice(1))) assembly.take(frame)
    }
    expect(assembly.all).toEqual(wordsOf(bodies))
  }
  const cuts = fc.array(fc.nat(), { maxLength: 2 })
  await fc.assert(fc.asyncProperty(histories(80), fc.integer({ min: 1, max: 20 }), cuts, law), runs)
})

/** The final words of each message that has any. */
function wordsOf(bodies: readonly EventBody[]): Record<string, string> {
  const events = bodies.map((body, index) => ({ ...body, seq: index + 1 }) as LogEvent)
  const { messages } = reduceAll(emptyState, events)
  const words = messages.map((message) => [message.id, wholeText(textOf(message), message.status)] as const)
  return Object.fromEntries(words.filter(([, text]) => text !== ""))
}

/** While a message is being written, half a character is held back. */
const wholeText = (text: string, status: string) =>
  status === "streaming" && /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text

describe("a log that was trimmed", () => {
  /** Takes a snapshot at the head and lets everything before go, as compaction does. */
  async function trim(engine: Engine, conversation: string): Promise<void> {
    const folded = await foldLog(engine.log, conversation)
    if (!folded) throw new Error("nothing to trim")
    const taken = await engine.log.compact({
      conversation,
      snapshot: { cursor: folded.cursor, state: JSON.stringify(folded.state) },
      archive: folded.dropped.map((message) => ({ seq: message.seq, body: JSON.stringify(message) })),
      trimThrough: seqOf(folded.cursor),
    })
    expect(taken).toBe(true)
  }

  test("[SIM3] a device that is behind gets every message that it missed, and none that it had", async () => {
    const law = async (history: LogEvent[], pick: number) => {
      const { engine } = node()
      const quiet = bodiesOf(history).filter(({ type }) => !["edit", "redaction", "rewind", "expired"].includes(type))
      const conversation_id = await begin(engine, quiet)
      await append(engine, conversation_id, quiet.slice(2), 20)
      const all = texts(withoutEnds(await readAll({ cursor: "0-0" }, conversation_id)))
      const at = pick % Math.max(all.length, 1)
      const cursor = all[at]?.["cursor"] ?? "0-0"
      await trim(engine, conversation_id)
      // The node above still holds the past by itself.
      const other = await node().again()
      const missed = withoutEnds(await readAll({ cursor }, conversation_id, other))
      await other.stop()
      expect(named(missed)).toEqual(named(all.filter((frame) => Number(frame["seq"]) > seqOf(String(cursor)))))
    }
    await fc.assert(fc.asyncProperty(histories(80), fc.nat(), law), runs)
  })

  test("[SIM3, LOG8] also those that have left the snapshot, in their order, and its last cursor is the place to go on", async () => {
    const { engine } = node()
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    await bob.close()
    const eve = await node().connect("eve", "phone", { conversation_id, agent: "scribe" })
    await eve.text("tell me", "question")
    const run = await SimulatedRun.claim(engine, conversation_id)
    await run.begin("tale")
    const said = Array.from({ length: 700 }, (_, index) => `text ${index}`)
    for (const [index, content] of said.entries()) {
      ann.send({ type: "text", content, message_id: `m${index}` })
      if (index !== 250) continue
      await ann.next((frame) => frame["message_id"] === "m250" && frame.type === "ack")
      await run.finish("tale", "a tale")
    }
    await ann.next((frame) => frame["message_id"] === "m699" && frame.type === "ack")
    await trim(engine, conversation_id)
    const other = await node().again()
    const back = await other.connect("bob", "phone", { conversation_id })
    await ann.text("last", "last")
    const missed = await back.upTo((frame) => frame["content"] === "last")
    expect(named(missed).map(([, content]) => content)).toEqual([
      "tell me",
      ...said.slice(0, 251),
      "a tale",
      ...said.slice(251),
    ])
    const again = await other.connect("bob", "tablet", { conversation_id, cursor: missed.at(-1)?.["cursor"] })
    expect(await again.next("text")).toMatchObject({ content: "last" })
    const own = await other.connect("ann", "phone", { conversation_id, cursor: "0-0" })
    const others = named(await untilEnd(own, await end(engine, conversation_id)))
    expect(others.map(([, content]) => content)).toEqual(["tell me", "a tale"])
    await other.stop()
  })

  test("[LIN1] a history that was rolled back brings everything that it holds", async () => {
    const { engine } = node()
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    for (const each of ["one", "two"]) await ann.text(each, each)
    await trim(engine, conversation_id)
    await ann.text("three", "three")
    const page = await engine.log.read(conversation_id, "0-0", { entriesMax: 10, charsMax: Number.MAX_SAFE_INTEGER })
    expect(page.status).toBe("trimmed")
    const seen = await readAll({ cursor: "6-elsewhere1" }, conversation_id)
    expect(named(withoutEnds(seen)).map(([, content]) => content)).toEqual(["one", "two", "three"])
  })
})
