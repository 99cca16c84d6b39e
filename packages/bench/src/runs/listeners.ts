/**
 * Two devices for each run, in a process of their own: they come, and are told to begin; one asks, both listen until the
 * run has ended.
 *
 * They read lean frames, as the client library does, and write none of it out: they count. Arguments: the port.
 */

import { protocolVersion } from "@everthread/protocol"
import { WebSocket } from "ws"
import { answerBench, fail } from "../delivery/child-side.ts"
import type { Heard, Talking, ToListeners } from "./talking.ts"

const devices = 2
const agent = "talker"
type Tally = Omit<Heard, "firstWordMs">
const nothingHeard: Tally = { textBytes: 0, wireBytes: 0, leanTextBytes: 0, leanWireBytes: 0 }
const [, , port = ""] = process.argv
let rounds = 0
let requests = 0

let entered: readonly Room[] = []
answerBench(answer)

interface Device {
  readonly tally: { -readonly [Name in keyof Tally]: number }
  /** When its first word came, by the monotonic clock. */
  readonly spokenAt: () => number | undefined
  ask(frame: object): Promise<void>
  readonly ended: Promise<void>
  close(): void
}

interface Room {
  readonly conversation: string
  readonly opened: readonly Device[]
}

async function answer({ ask, talking }: ToListeners): Promise<Heard | "entered"> {
  if (ask === "listen") return listen(talking, entered)
  rounds += 1
  entered = await Promise.all(Array.from({ length: talking.runs }, (_, run) => enter(`b${rounds}-${run}`)))
  return "entered"
}

async function listen(talking: Talking, rooms: readonly Room[]): Promise<Heard> {
  const all = rooms.flatMap(({ opened }) => opened)
  for (const { tally } of all) Object.assign(tally, nothingHeard)
  const text = `${talking.tokens} words, ${talking.perSecond} a second`
  const askedAt = performance.now()
  await Promise.all(
    rooms.map(({ conversation, opened }) => opened[0]?.ask({ type: "send", conversation, text, agent })),
  )
  await Promise.all(all.map(({ ended }) => ended))
  for (const device of all) device.close()
  const sum = (of: keyof Tally) => all.reduce((total, { tally }) => total + tally[of], 0)
  return {
    firstWordMs: rooms.map(({ opened }) => (opened.at(-1)?.spokenAt() ?? Number.NaN) - askedAt),
    textBytes: sum("textBytes"),
    wireBytes: sum("wireBytes"),
    leanTextBytes: sum("leanTextBytes"),
    leanWireBytes: sum("leanWireBytes"),
  }
}

async function enter(conversation: string): Promise<Room> {
  const opened = await Promise.all(Array.from({ length: devices }, (_, number) => open(number)))
  await opened[0]?.ask({ type: "create", conversation })
  await Promise.all(opened.map((device) => device.ask({ type: "subscribe", conversation })))
  return { conversation, opened }
}

async function open(number: number): Promise<Device> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`, { perMessageDeflate: false })
  const tally = { ...nothingHeard }
  const waiting = new Map<string, () => void>()
  const heard = (beginning: string) => new Promise<void>((resolve) => void waiting.set(beginning, resolve))
  const ended = heard("run.ended")
  let spokenAt: number | undefined
  socket.on("message", (data: Buffer) => {
    const text = data.toString("utf8")
    const [wireBytes, textBytes] = [data.length + headerBytes(data.length), textBytesOf(text)]
    tally.wireBytes += wireBytes
    tally.textBytes += textBytes
    if (textBytes > 0) spokenAt ??= performance.now()
    if (text.startsWith("[")) {
      tally.leanWireBytes += wireBytes
      tally.leanTextBytes += textBytes
    }
    if (text.startsWith('{"type":"error"')) fail(`a device was told: ${text}`)
    for (const [beginning, resolve] of waiting) {
      if (beginning === "run.ended" ? text.includes('"type":"run.ended"') : text.startsWith(beginning)) resolve()
    }
  })
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))
  const welcome = heard('{"type":"welcome"')
  // One person with two devices: nobody has to be let in.
  const hello = { type: "hello", protocol: protocolVersion, user: "ada", device: `d${number}`, lean: true }
  socket.send(JSON.stringify(hello))
  await welcome
  return {
    tally,
    spokenAt: () => spokenAt,
    ended,
    close: () => socket.close(),
    ask(frame) {
      requests += 1
      const answered = heard(`{"type":"ok","id":${requests},`)
      socket.send(JSON.stringify({ ...frame, id: requests, key: `k${process.pid}-${requests}` }))
      return answered
    },
  }
}

/** Of a frame that a server sends: it is not masked. */
function headerBytes(payload: number): number {
  if (payload < 126) return 2
  return payload < 65_536 ? 4 : 10
}

/** Bytes of text that deltas bring, in whichever form. */
function textBytesOf(frame: string): number {
  if (frame.startsWith("[")) return Buffer.byteLength((JSON.parse(frame) as [number, string])[1])
  if (!frame.includes('"type":"delta"')) return 0
  const { events } = JSON.parse(frame) as { events: { type: string; text?: string }[] }
  return events.reduce((sum, { type, text = "" }) => (type === "delta" ? sum + Buffer.byteLength(text) : sum), 0)
}
