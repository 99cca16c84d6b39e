/**
 * Socket.IO's devices: they come, are told one thing, which gives them an offset, and go; then a thousand events are sent,
 * and they come back with their offset. A session of its Redis adapter can be recovered once, so all of it is done in each
 * round, and only the coming back is counted.
 */
import { type Sample, sampleOf } from "./come-back.ts"
import type { Coming } from "./coming.ts"
import type { Stage } from "./stage.ts"

const path = "/socket.io/?EIO=4&transport=websocket"
const eventMark = '"type":"message"'

export async function socketIoRound(stage: Stage, devices: number, events: number): Promise<Sample> {
  const says = Array.from({ length: devices }, () => ["40"])
  const places = { ask: "come", port: stage.port, path, mark: eventMark, from: "open" } as const
  const { heard } = await stage.come({ ...places, says, marks: 1, heard: "text" })
  await stage.allGo()
  await stage.fill("", events)
  const back: Coming = { ...places, says: heard.map(saysBack), marks: events, heard: "nothing" }
  return sampleOf(stage, back)
}

/** A message of Socket.IO ends in its offset: `42["message",{…},"offset"]`. */
function saysBack(text: string): readonly string[] {
  const pid = partOf(text, /"pid":"([^"]+)"/)
  const offset = partOf(text, /\},"([^"]+)"\]/)
  return [`40${JSON.stringify({ pid, offset })}`]
}

function partOf(text: string, pattern: RegExp): string {
  const part = pattern.exec(text)?.[1]
  if (part === undefined) throw new Error(`Socket.IO did not say where a device was: ${text}`)
  return part
}
