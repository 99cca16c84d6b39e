/** Devices that follow and write, in a process of their own. They count what is delivered and look at nothing else in it. */

import { setTimeout as pause } from "node:timers/promises"
import { answerBench, fail } from "../delivery/child-side.ts"
import { backAt, liveMark, ourPath } from "../resume/our-words.ts"
import { openRaw, type RawSocket } from "../resume/raw-socket.ts"
import { Seeker } from "../resume/seeker.ts"
import type { Gathering, Talk, Talked } from "./crowd-messages.ts"
import { Heard } from "./heard.ts"

interface Writer {
  readonly socket: RawSocket
  /** How many get what it writes. */
  readonly followers: number
}

interface Follower {
  readonly socket: RawSocket
  readonly live: Heard
}

const deliveryMark = '"text":"~~'
const filler = "what people say to each other ".repeat(4)
const openingAtOnce = 100
/** Of one connection. */
const followingAtOnce = 100
const tickMs = 5
const msMax = 300_000

let rooms: readonly string[] = []
let writers: readonly Writer[] = []
let delivered = 0
let sent = 0
answerBench(answer)

async function answer(asked: Gathering | Talk): Promise<Talked | "gathered"> {
  if (asked.ask === "talk") return talk(asked)
  await gather(asked)
  return "gathered"
}

async function gather({ rooms: names, connections }: Gathering): Promise<void> {
  rooms = names
  const found = new Map<number, Writer>()
  for (let from = 0; from < connections.length; from += openingAtOnce) {
    const some = connections.slice(from, from + openingAtOnce)
    const opened = await Promise.all(some.map(({ port }, index) => open(port, from + index)))
    await Promise.all(opened.map((follower, index) => follow(follower, some[index]?.rooms ?? [])))
    for (const [index, { socket }] of opened.entries()) {
      for (const room of some[index]?.rooms ?? []) {
        const known = found.get(room)
        found.set(room, { socket: known?.socket ?? socket, followers: (known?.followers ?? 0) + 1 })
      }
    }
  }
  writers = names.map((name, room) => found.get(room) ?? fail(`nobody is in ${name}`))
}

/** @returns when it is welcome: a hello that waits behind what others ask is taken for none. */
async function open(port: number, number: number): Promise<Follower> {
  const [welcome, live, delivery] = [new Heard('{"type":"welcome"'), new Heard(liveMark), new Seeker(deliveryMark)]
  const socket = await openRaw(port, ourPath, (bytes) => {
    delivered += delivery.countIn(bytes)
    welcome.look(bytes)
    live.look(bytes)
  })
  const [hello = ""] = backAt(`d${number}`, "", undefined)
  socket.say(hello)
  await welcome.reached(1)
  return { socket, live }
}

async function follow({ socket, live }: Follower, own: readonly number[]): Promise<void> {
  for (let from = 0; from < own.length; from += followingAtOnce) {
    const some = own.slice(from, from + followingAtOnce)
    for (const [index, room] of some.entries())
      socket.say(JSON.stringify({ type: "subscribe", id: from + index, conversation: rooms[room] }))
    await live.reached(from + some.length)
  }
}

async function talk({ messages, perSecond }: Talk): Promise<Talked> {
  delivered = 0
  let expected = 0
  const before = process.cpuUsage()
  const startedAt = performance.now()
  for (let said = 0; said < messages; await pause(tickMs)) {
    const due = Math.min(messages, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond))
    for (; said < due; said++) expected += write()
  }
  while (delivered < expected) {
    if (performance.now() - startedAt > msMax) fail(`${delivered} of ${expected} were delivered`)
    await pause(tickMs)
  }
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  return { deliveries: expected, seconds: ms / 1_000, busy: (user + system) / 1_000 / ms }
}

/** @returns how many get it. */
function write(): number {
  sent += 1
  const room = sent % rooms.length
  const { socket, followers } = writers[room] ?? fail("there is no such room")
  const text = `~~${filler}`
  socket.say(
    JSON.stringify({ type: "send", id: sent, key: `k${process.pid}-${sent}`, conversation: rooms[room], text }),
  )
  return followers
}
