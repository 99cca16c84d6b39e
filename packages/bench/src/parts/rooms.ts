/**
 * Many small rooms: people write, everybody in the room gets it, on one node and over two.
 *
 * Everthread stores each message before anybody gets it; of the others only Socket.IO's Redis streams adapter stores
 * anything at all.
 */
import type { Bench } from "../bench.ts"
import type { Burst, BurstResult } from "../delivery/load.ts"
import type { Shape } from "../delivery/rooms.ts"
import { type ContestantName, mustGetStand, type Stand, withStands } from "../fan-out/contestants.ts"
import { type Figures, figuresOf } from "../fan-out/figures.ts"
import { columns, rowOf } from "../fan-out/rows.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { spreadOf } from "../measure/spread.ts"
import { findCentrifugo } from "../peers/centrifugo.ts"
import type { Plot, Section } from "../report/section.ts"

const contestants: readonly ContestantName[] = [
  "everthread",
  "socket.io",
  "ws, encoded once",
  "everthread, two nodes",
  "socket.io, two nodes",
]
const messagesPerSecond = 1_000

type Samples = ReadonlyMap<string, readonly Figures[]>

export function rooms(bench: Bench): Promise<Section> {
  const shape: Shape = { rooms: bench.isQuick ? 100 : 500, members: 4, textBytes: 200 }
  const seconds = bench.isQuick ? 0.5 : 1.5
  return withStands(contestants, shape, async (stands) => {
    const runs = contestants.map((name) => ({ name, run: () => talk(mustGetStand(stands, name), seconds) }))
    // The code is warm, and every connection has been written to.
    for (const { run } of runs) await run()
    const samples = await inRounds(bench.rounds, runs, (text) => bench.say(`rooms: ${text}`))
    return sectionOf(shape, samples)
  })
}

/** An operation is one message at one device. */
function talk(stand: Stand, seconds: number): Promise<Figures> {
  const messages = Math.round(messagesPerSecond * seconds)
  const deliveries = messages * stand.shape.members
  const sends = { messages, perSecond: messagesPerSecond }
  return figuresOf(stand, async () => {
    const result = await stand.load.ask<BurstResult>({ deliveries, sends } satisfies Burst)
    return { ...result, count: result.delivered }
  })
}

async function sectionOf(shape: Shape, samples: Samples): Promise<Section> {
  const title = `${shape.rooms} rooms of ${shape.members}, ${messagesPerSecond} messages a second in all`
  const others = mustGetSamples(samples, "socket.io")
  const rows = contestants.map((name) => rowOf(name, mustGetSamples(samples, name), others))
  const centrifugo = await findCentrifugo()
  return {
    name: "rooms",
    title: `Node CPU for a person's message: ${title}`,
    tables: [{ title: "For one message of 200 bytes that one device got", columns: columns("socket.io"), rows }],
    notes: [
      "The sender gets it as well, and an acknowledgement. Everthread: appendfsync always, and frame, rate, membership and idempotency key " +
        "are checked. Socket.IO and ws on one node keep nothing; over two nodes Socket.IO has its Redis streams adapter on the same kind of Redis. " +
        "The two nodes' processor time is added up.",
      "file" in centrifugo ? "Centrifugo is here, but has no row yet." : centrifugo.missing,
    ],
    targets: [],
    plots: [plotOf(samples)],
  }
}

function plotOf(samples: Samples): Plot {
  const cost = (name: string) => spreadOf(mustGetSamples(samples, name).map(({ nodeUs }) => nodeUs))
  return {
    name: "rooms",
    title: "Node CPU for one message at one device, rooms of four",
    unit: "µs",
    groups: ["one node", "two nodes"],
    series: [
      { name: "socket.io", values: [cost("socket.io"), cost("socket.io, two nodes")] },
      { name: "everthread", values: [cost("everthread"), cost("everthread, two nodes")] },
      { name: "ws, encoded once", values: [cost("ws, encoded once"), undefined] },
    ],
  }
}
