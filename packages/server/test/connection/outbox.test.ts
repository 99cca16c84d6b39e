/** What waits for one connection: one write a turn, bounded, joined where the network is slow. */
import { type ConversationState, emptyState, type LogEvent, reduceAll, startCursor } from "@everthread/protocol"
import * as fc from "fast-check"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { Outbox } from "../../src/connection/outbox.ts"
import { Tick } from "../../src/connection/tick.ts"
import { textFrame } from "../../src/connection/ws-frame.ts"
import { type Encoder, LogFrame } from "../../src/core/log-frame.ts"
import { eventsEncoder } from "../../src/gateways/native/encode.ts"
import { closing, delta, entryOf, message, opening } from "../support/bodies.ts"
import { FakeSocket } from "../support/fake-socket.ts"

interface Bounds {
  readonly bytesMax?: number
  readonly coalesceBytes?: number
}

function outboxWith({ bytesMax = 100_000, coalesceBytes = 1_000 }: Bounds = {}) {
  const socket = new FakeSocket()
  let overflows = 0
  const tick = new Tick(new ManualClock())
  const bounds = { outboxBytesMax: bytesMax, outboxCoalesceBytes: coalesceBytes }
  const outbox = new Outbox(socket, tick, bounds, { overflowed: () => void overflows++ })
  return { socket, outbox, overflows: () => overflows }
}

/** Consecutive frames of one log, one for each body. */
function framesOf(bodies: readonly Parameters<typeof entryOf>[1][]): LogFrame[] {
  let prev = startCursor
  return bodies.map((body, at) => {
    const frame = LogFrame.of(prev, [entryOf(at + 1, body)])
    prev = frame.cursor
    return frame
  })
}

interface EventsText {
  readonly prev: string
  readonly cursor: string
  readonly events: LogEvent[]
}

/** What a device that reads these texts holds, after checking that they follow each other. */
function applied(texts: readonly string[]): ConversationState {
  let cursor = startCursor
  let state = emptyState
  for (const text of texts) {
    const frame = JSON.parse(text) as EventsText
    expect(frame.prev).toBe(cursor)
    cursor = frame.cursor
    state = reduceAll(state, frame.events)
  }
  return state
}

/** The network has taken everything. */
function drain(socket: FakeSocket, outbox: Outbox): void {
  while (socket.pendingBytes > 0) {
    socket.pendingBytes = 0
    outbox.drained()
  }
}

const speech = (pieces: readonly string[]) => {
  let at = 0
  const deltas = pieces.map((piece) => {
    const body = delta("a", at, piece)
    at += piece.length
    return body
  })
  return [...opening("a"), ...deltas, closing("a"), message("last")]
}

describe("an outbox", () => {
  test("[DLV2] what is due in one turn goes out in one write", async () => {
    const { socket, outbox } = outboxWith()
    for (const frame of framesOf([message("1"), message("2"), message("3")]))
      outbox.sendFrame("c", frame, eventsEncoder)
    outbox.send(textFrame("{}"))
    expect(socket.writes).toEqual([])
    await settled()
    expect(socket.writes).toHaveLength(1)
    expect(socket.texts).toHaveLength(4)
    outbox.send(textFrame("{}"))
    await settled()
    expect(socket.writes).toHaveLength(2)
  })

  test("[DLV1] a frame is encoded once, however many connections it goes to", async () => {
    let encodings = 0
    const counting: Encoder = {
      encode(conversation, frame) {
        encodings++
        return eventsEncoder.encode(conversation, frame)
      },
    }
    const boxes = Array.from({ length: 200 }, () => outboxWith())
    const frames = framesOf([message("1"), message("2")])
    for (const frame of frames) for (const { outbox } of boxes) outbox.sendFrame("c", frame, counting)
    await settled()
    expect(encodings).toBe(frames.length)
    const first = boxes[0]?.socket.frames
    for (const { socket } of boxes) for (const [at, bytes] of socket.frames.entries()) expect(bytes).toBe(first?.[at])
  })

  test("[DLV3] [FRM3] what a slow device gets adds up to the same state, in fewer frames", async () => {
    const pieces = fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 60 })
    const takes = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(pieces, takes, async (pieces, takes) => {
        const { socket, outbox, overflows } = outboxWith({ coalesceBytes: 600 })
        socket.isFast = false
        const frames = framesOf(speech(pieces))
        for (const [at, frame] of frames.entries()) {
          outbox.sendFrame("c", frame, eventsEncoder)
          if (!takes[at % takes.length]) socket.pendingBytes = 70_000
          else {
            drain(socket, outbox)
            outbox.flush()
          }
        }
        drain(socket, outbox)
        outbox.flush()
        drain(socket, outbox)
        expect(overflows()).toBe(0)
        const events = frames.flatMap((frame) => frame.entries.map((entry) => entry.event))
        expect(applied(socket.texts)).toEqual(reduceAll(emptyState, events))
      }),
      { numRuns: 50 },
    )
  })

  test("[DLV3] the deltas of a device that takes nothing become one", () => {
    const { socket, outbox } = outboxWith({ coalesceBytes: 600 })
    socket.isFast = false
    socket.pendingBytes = 70_000
    const pieces = Array.from({ length: 500 }, (_, at) => `${at} `)
    for (const frame of framesOf(speech(pieces))) outbox.sendFrame("c", frame, eventsEncoder)
    expect(outbox.waitingBytes).toBeLessThan(6_000)
    drain(socket, outbox)
    expect(socket.texts.length).toBeLessThan(250)
    expect(applied(socket.texts).messages[0]?.blocks[0]?.text).toBe(pieces.join(""))
  })

  test("[DLV3] frames between which the protocol had nothing to say are not joined", () => {
    const { socket, outbox } = outboxWith({ coalesceBytes: 10 })
    socket.isFast = false
    socket.pendingBytes = 70_000
    const deaf: Encoder = {
      encode: (conversation, frame) =>
        frame.entries.length === 1 && frame.entries[0]?.seq === 2
          ? undefined
          : eventsEncoder.encode(conversation, frame),
    }
    const frames = framesOf(Array.from({ length: 20 }, (_, at) => message(`${at}`)))
    for (const frame of frames) outbox.sendFrame("c", frame, deaf)
    drain(socket, outbox)
    const ranges = socket.texts.map((text) => JSON.parse(text) as EventsText)
    expect(ranges.length).toBeLessThan(frames.length / 2)
    expect(ranges.slice(0, 2)).toMatchObject([{ prev: "0-0", cursor: "1-aaaaaaaa" }, { prev: "2-aaaaaaaa" }])
    expect(ranges.flatMap(({ events }) => events.map(({ seq }) => seq))).not.toContain(2)
  })

  test("[DLV3] beyond its bound it gives the connection up, once, and keeps nothing", async () => {
    const { socket, outbox, overflows } = outboxWith({ bytesMax: 5_000 })
    socket.isFast = false
    socket.pendingBytes = 70_000
    let mostBytes = 0
    for (const frame of framesOf(Array.from({ length: 200 }, (_, at) => message(`${at}`)))) {
      outbox.sendFrame("c", frame, eventsEncoder)
      mostBytes = Math.max(mostBytes, outbox.waitingBytes)
    }
    await settled()
    drain(socket, outbox)
    expect(overflows()).toBe(1)
    expect(mostBytes).toBeLessThan(6_000)
    expect(outbox.waitingBytes).toBe(0)
    expect(socket.writes).toEqual([])
  })

  test("[SUB2] one piece that is larger than the bound goes through to a device that reads", async () => {
    const { socket, outbox, overflows } = outboxWith({ bytesMax: 5_000 })
    const large = textFrame(JSON.stringify({ text: "x".repeat(50_000) }))
    outbox.send(large)
    outbox.send(textFrame('{"more":1}'))
    await settled()
    outbox.send(large)
    await settled()
    expect(overflows()).toBe(0)
    expect(socket.texts).toHaveLength(3)
  })

  test("[DLV3] it is ready when little waits here and in the network, and tells those who wait", async () => {
    const { socket, outbox } = outboxWith({ coalesceBytes: 100 })
    expect(outbox.ready()).toBeUndefined()
    socket.isFast = false
    socket.pendingBytes = 70_000
    let told = 0
    void outbox.ready()?.then(() => told++)
    outbox.send(textFrame("x".repeat(200)))
    await settled()
    expect(told).toBe(0)
    drain(socket, outbox)
    await settled()
    expect(told).toBe(1)
    expect(outbox.ready()).toBeUndefined()
  })

  test("[SUB2] a network that takes a large write at once never says so, and who waits is told all the same", async () => {
    const { outbox } = outboxWith({ coalesceBytes: 100 })
    for (let page = 0; page < 3; page++) {
      outbox.send(textFrame("x".repeat(100_000)))
      await outbox.ready()
    }
    expect(outbox.waitingBytes).toBe(0)
  })

  test("closing lets nobody wait for ever", async () => {
    const { socket, outbox } = outboxWith()
    socket.pendingBytes = 70_000
    const ready = outbox.ready()
    outbox.close()
    await ready
    expect(outbox.ready()).toBeUndefined()
  })
})
