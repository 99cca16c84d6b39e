/** Scene 1: everybody writes at once, on three nodes, and everybody ends with the same sequence. */
import { type ConsistencyCounts, countOf, sumsOf } from "./counts.ts"
import type { Device } from "./device.ts"
import { peopleRows } from "./people-rows.ts"
import { look, type Play, type Role, writeAll } from "./play.ts"
import { until } from "./until.ts"

export const people: readonly Role[] = [
  { name: "ada", user: "ada", device: "laptop", node: 0 },
  { name: "bob", user: "bob", device: "phone", node: 1 },
  { name: "eve", user: "eve", device: "tablet", node: 2 },
  { name: "kim", user: "kim", device: "desktop", node: 0 },
  { name: "zoe", user: "zoe", device: "phone", node: 1 },
]

const messagesEach = 40

export async function playConsistency(play: Play, devices: readonly Device[]): Promise<ConsistencyCounts> {
  const { stage, texts, clock } = play
  const written = messagesEach * devices.length
  stage.scene(1, texts.scenes[1])
  stage.say(texts.everybodyWrites(devices.length, messagesEach))
  const rows = (columns: number) => peopleRows(devices, { columns, total: written, paint: stage.paint, texts })
  stage.live(rows)
  await writeAll(play, devices, messagesEach, "hello")
  await until(devices, () => devices.every((device) => hasAll(device, written)), clock)
  await look(play)
  stage.settle(rows)
  const counts = devices.map(countOf)
  stage.say(texts.sums(sumsOf(counts)))
  return { written, devices: counts }
}

/** Its own are acknowledged, and everybody's are here. */
export function hasAll({ received, conversation }: Device, written: number): boolean {
  return received.messages.length >= written && conversation.snapshot().pending.length === 0
}
