/**
 * Two devices of one conversation that stay, and one of which writes every twentieth of a second: how long it takes until the
 * other has it. A process of its own, that has nothing else to do. Arguments: the node's port.
 */
import { answerBench, fail } from "../delivery/child-side.ts"
import { backAt, liveMark, ourPath } from "./our-words.ts"
import { openRaw, type RawSocket } from "./raw-socket.ts"

export interface Delays {
  readonly ms: readonly number[]
}

const [, , port = ""] = process.argv
const conversation = "bystanders"
const everyMs = 20
const waitMsMax = 60_000
/** Being live is told among the first things. */
const beginningCharsMax = 60_000
const sentAt = new Map<number, number>()
let ms: number[] = []
let sent = 0
let timer: NodeJS.Timeout | undefined

const writes = await open("writes", [JSON.stringify({ type: "create", id: 9, key: "c", conversation })])
await open("reads", [])
answerBench(answer)

async function answer(asked: "begin" | "end"): Promise<Delays | "begun"> {
  if (asked === "begin") {
    ms = []
    timer = setInterval(write, everyMs)
    return "begun"
  }
  clearInterval(timer)
  const end = performance.now() + waitMsMax
  while (sentAt.size > 0) {
    if (performance.now() > end) fail("a message of those who stayed did not come")
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return { ms }
}

function write(): void {
  sent += 1
  sentAt.set(sent, performance.now())
  writes.say(JSON.stringify({ type: "send", id: 10 + sent, key: `k${sent}`, conversation, text: `~${sent}~` }))
}

async function open(device: string, before: readonly string[]): Promise<RawSocket> {
  const [hello = "", subscribe = ""] = backAt(device, conversation, undefined)
  let told = ""
  let isLive: () => void = () => undefined
  const live = new Promise<void>((resolve) => {
    isLive = resolve
  })
  const socket = await openRaw(Number(port), ourPath, (bytes) => {
    const text = bytes.toString("latin1")
    if (told.length < beginningCharsMax) told += text
    if (told.includes(liveMark)) isLive()
    if (device === "reads") note(text)
  })
  for (const text of [hello, ...before, subscribe]) socket.say(text)
  await live
  return socket
}

function note(text: string): void {
  for (const [, number = ""] of text.matchAll(/"~(\d+)~"/g)) {
    const at = sentAt.get(Number(number))
    if (at !== undefined) ms.push(performance.now() - at)
    sentAt.delete(Number(number))
  }
}
