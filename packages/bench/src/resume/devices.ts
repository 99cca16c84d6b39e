/**
 * Devices that come and go, in a process of their own. They know no protocol: they say what they are given, and count bytes
 * until they have heard what they wait for.
 */

import { setTimeout as pause } from "node:timers/promises"
import { answerBench, fail } from "../delivery/child-side.ts"
import type { Came, Coming, ToDevices } from "./coming.ts"
import { openRaw, type RawSocket } from "./raw-socket.ts"
import { Seeker } from "./seeker.ts"

interface Device {
  readonly socket: RawSocket
  readonly pieces: Buffer[]
  bytes: number
  marks: number
  /** What to do when it is live; from then on it hears and does not look. */
  live: (() => void) | undefined
  /** What to do when the other side closes it. */
  lost: () => void
}

const msMax = 120_000
const againMsMax = 1_000
/** How often somebody had to come again. */
let again = 0
let here: Device[] = []
answerBench(answer)

async function answer(asked: ToDevices): Promise<Came | "gone"> {
  if (asked.ask === "come") return come(asked)
  for (const { socket } of here) socket.drop()
  here = []
  return "gone"
}

async function come(coming: Coming): Promise<Came> {
  const guard = setTimeout(() => fail("not every device came to be live"), msMax)
  const opened = coming.from === "open" ? await Promise.all(coming.says.map(() => open(coming))) : []
  again = 0
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const all = await Promise.all(
    coming.says.map(async (says, index) => {
      await pauseUntil(startedAt + (coming.startsMs?.[index] ?? 0))
      const beganAt = performance.now()
      const device = opened[index]
      if (device) await live(device, says)
      return { device: device ?? (await comeIn(coming, says)), ms: performance.now() - beganAt }
    }),
  )
  clearTimeout(guard)
  const allMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  here.push(...all.map(({ device }) => device))
  return {
    liveMs: all.map(({ ms }) => ms),
    allMs,
    bytes: all.reduce((sum, { device }) => sum + device.bytes, 0),
    busy: (user + system) / 1_000 / allMs,
    again,
    heard: all.map(({ device }) => (coming.heard === "text" ? Buffer.concat(device.pieces).toString("utf8") : "")),
  }
}

/** Whoever is turned away comes again, as every client does. */
async function comeIn(coming: Coming, says: readonly string[]): Promise<Device> {
  for (;;) {
    try {
      const device = await open(coming)
      await live(device, says)
      return device
    } catch {
      again += 1
      await pause(Math.random() * againMsMax)
    }
  }
}

async function pauseUntil(at: number): Promise<void> {
  const leftMs = at - performance.now()
  if (leftMs > 0) await pause(leftMs)
}

async function open({ port, path, mark, marks, heard }: Coming): Promise<Device> {
  const seeker = new Seeker(mark)
  let device: Device | undefined
  const hear = (bytes: Buffer) => {
    if (!device?.live) return
    device.bytes += bytes.length
    device.marks += seeker.countIn(bytes)
    if (heard === "text") device.pieces.push(bytes)
    if (device.marks >= marks) device.live()
  }
  const socket = await openRaw(port, path, hear, () => device?.lost())
  device = { socket, pieces: [], bytes: 0, marks: 0, live: () => undefined, lost: () => undefined }
  return device
}

function live(device: Device, says: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    device.lost = () => reject(new Error("a connection was closed"))
    device.live = () => {
      device.live = undefined
      resolve()
    }
    for (const text of says) device.socket.say(text)
  })
}
