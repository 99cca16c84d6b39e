/**
 * A law of what a connection is told: however often a client subscribes, is cut off and comes back, wherever the snapshot
 * stands and whatever is trimmed, leaving out the ids that it knows it ends with the words of the log.
 */
import { type Cursor, emptyState, type LogEvent, reduceAll, type SnapshotReason } from "@everthread/protocol"
import type { PlacedEvent } from "@everthread/protocol/langgraph"
import fc from "fast-check"
import { emptyFold, foldFrame } from "../../src/core/fold.ts"
import { LogFrame } from "../../src/core/log-frame.ts"
import type { Framing } from "../../src/gateways/langgraph/events/encode.ts"
import { EventStream } from "../../src/gateways/langgraph/events/event-stream.ts"
import { attempt, closing, message, opening, queued } from "../support/bodies.ts"

const everything = { channels: ["messages", "values", "lifecycle"], namespaces: undefined, depth: undefined }
const words = { channels: ["messages"], namespaces: undefined, depth: undefined }

/** A log of two runs, each saying its words in pieces; the second one's end may be missing. */
function logOf(pieces: readonly string[], isOver: boolean): LogEvent[] {
  const said = (run: string) => {
    let at = 0
    return pieces.map((text) => {
      const body = { type: "delta", message: `${run}.0`, block: 0, at, text }
      at += text.length
      return body
    })
  }
  const run = (name: string, ends: boolean) => [
    message(name),
    queued(name, `m-${name}`),
    attempt(name),
    ...opening(`${name}.0`, name),
    ...said(name),
    ...(ends ? [closing(`${name}.0`, name), { type: "run.ended", time: 1, run: name, outcome: "completed" }] : []),
  ]
  return [...run("a", true), ...run("b", isOver)].map((body, at) => ({ ...body, seq: at + 1 }) as LogEvent)
}

/** A client as LangChain's: it leaves out ids that it knows, adds deltas up, and takes a finish for the whole. */
class ModelClient {
  readonly #known = new Set<string>()
  readonly texts = new Map<string, string>()

  take({ id, event: { method, data } }: PlacedEvent): void {
    if (this.#known.has(id)) return
    this.#known.add(id)
    const of = String(data["run_id"])
    const delta = data["delta"] as { text?: string } | undefined
    const content = data["content"] as { text?: string } | undefined
    if (method !== "messages") return
    if (data["event"] === "content-block-start") this.texts.set(of, content?.text ?? "")
    if (data["event"] === "content-block-delta") this.texts.set(of, (this.texts.get(of) ?? "") + (delta?.text ?? ""))
    if (data["event"] === "content-block-finish" && content?.text !== undefined) this.texts.set(of, content.text)
  }
}

let made = 0

const cursorAt = (seq: number): Cursor => (seq === 0 ? "0-0" : `${seq}-7`)

/** A node, as far as a connection sees it: a log that grows, with a snapshot somewhere. */
class ModelNode {
  readonly #log: readonly LogEvent[]
  readonly #snapshotAt: (head: number) => number
  readonly #isTrimmed: boolean
  head = 0
  stream: EventStream
  #asked: { readonly cursor: Cursor | undefined } | undefined
  readonly #framing: Framing

  constructor(log: readonly LogEvent[], snapshotEvery: number, isTrimmed: boolean, client: ModelClient) {
    this.#log = log
    this.#snapshotAt = (head) => Math.floor(head / snapshotEvery) * snapshotEvery
    this.#isTrimmed = isTrimmed
    const take = (event: PlacedEvent) => {
      client.take(event)
      return new Uint8Array()
    }
    this.#framing = { name: "sse", frame: take }
    this.stream = this.connect()
  }

  connect(): EventStream {
    this.stream = new EventStream({
      // One of its own each time: nothing is encoded for another connection before.
      framing: { ...this.#framing, name: `model ${made++}` as "sse" },
      send: () => undefined,
      follow: (cursor) => {
        this.#asked = { cursor }
      },
      unfollow: () => undefined,
    })
    return this.stream
  }

  subscribe(id: string, filter: typeof words): void {
    this.stream.add(id, filter, this.#stateAt(this.head))
    while (this.#asked) {
      const { cursor } = this.#asked
      this.#asked = undefined
      this.#replay(cursor)
    }
  }

  grow(by: number): void {
    const from = this.head
    this.head = Math.min(this.head + by, this.#log.length)
    if (this.head > from) this.stream.deliver("c", this.#frame(from, this.head))
  }

  #replay(cursor: Cursor | undefined): void {
    const at = this.#snapshotAt(this.head)
    const reason: SnapshotReason | undefined =
      cursor === undefined && at > 0
        ? "fresh"
        : cursor !== undefined && this.#isTrimmed && at > 0
          ? "trimmed"
          : undefined
    if (reason) this.stream.snapshot(reason, cursorAt(at), this.#stateAt(at))
    if (this.#asked) return
    const from = reason ? at : 0
    const middle = Math.floor((from + this.head) / 2)
    if (middle > from) this.stream.deliver("c", this.#frame(from, middle))
    if (this.head > middle) this.stream.deliver("c", this.#frame(middle, this.head))
    this.stream.upToDate(cursorAt(this.head))
  }

  #frame(from: number, to: number): LogFrame {
    const entries = this.#log
      .slice(from, to)
      .map(({ seq, ...body }) => ({ cursor: cursorAt(seq), seq, body: JSON.stringify(body) }))
    const frame = LogFrame.of(cursorAt(from), entries)
    foldFrame({ ...emptyFold, state: this.#stateAt(from) }, frame)
    return frame
  }

  #stateAt(seq: number) {
    return reduceAll(emptyState, this.#log.slice(0, seq))
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("grow" as const), by: fc.integer({ min: 1, max: 6 }) }) },
  fc.record({ does: fc.constant("subscribe" as const), to: fc.constantFrom(everything, words) }),
  fc.record({ does: fc.constant("reconnect" as const) }),
)

test("[LGR3] [SUB4] whatever happens to its connection, a client ends with the words of the log", () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(
      fc.record({ pieces, isOver: fc.boolean(), every: fc.integer({ min: 1, max: 40 }), isTrimmed: fc.boolean() }),
      fc.array(step, { maxLength: 30 }),
      ({ pieces, isOver, every, isTrimmed }, steps) => {
        const client = new ModelClient()
        const log = logOf(pieces, isOver)
        const node = new ModelNode(log, every, isTrimmed, client)
        node.grow(2)
        let subscriptions = 1
        node.subscribe("0", everything)
        for (const one of steps) {
          if (one.does === "grow") node.grow(one.by)
          if (one.does === "subscribe") node.subscribe(String(subscriptions++), one.to)
          if (one.does === "reconnect") {
            node.connect()
            node.subscribe(String(subscriptions++), everything)
          }
        }
        node.grow(log.length)
        const { messages } = reduceAll(emptyState, log)
        const last = messages.find(({ id }) => id === "b.0")
        expect(client.texts.get("b.0")).toBe(last?.blocks[0]?.text)
      },
    ),
    { numRuns: 400 },
  )
})
