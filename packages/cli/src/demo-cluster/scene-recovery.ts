/**
 * Scene 2: two devices are cut off in the middle of writing, the others go on, and the two come back on other nodes.
 *
 * The cut comes when the first of their messages is on its way: whether it was stored, nobody can tell them.
 */
import { countOf, type RecoveryCounts, type Return, sumsOf } from "./counts.ts"
import type { Device } from "./device.ts"
import { peopleRows } from "./people-rows.ts"
import { look, type Play, writeAll } from "./play.ts"
import { hasAll } from "./scene-consistency.ts"
import { pause, until } from "./until.ts"

/** That the two write, just before they are cut off. */
const ownEach = 5
/** That each of the others writes while they are away. */
const messagesEach = 20

/** One that is away, with what there was to know when it was cut off. */
interface Away {
  readonly device: Device
  readonly fromNode: number
  readonly had: number
  readonly unconfirmed: number
}

export async function playRecovery(play: Play, devices: readonly Device[], before: number): Promise<RecoveryCounts> {
  const { stage, texts, clock } = play
  const leaving = devices.slice(-2)
  const staying = devices.slice(0, -2)
  const written = before + ownEach * leaving.length + messagesEach * staying.length
  stage.scene(2, texts.scenes[2])
  const rows = (columns: number) => peopleRows(devices, { columns, total: written, paint: stage.paint, texts })
  stage.live(rows)
  const away = await cutOff(play, leaving)
  await writeAll(play, staying, messagesEach, "still here")
  await until(staying, () => staying.every((device) => hasAll(device, before + messagesEach * staying.length)), clock)
  await look(play)
  const returns = await comeBack(play, away, staying)
  await until(devices, () => devices.every((device) => hasAll(device, written)), clock)
  for (const each of returns) stage.say(texts.cameBack(each))
  await look(play)
  stage.settle(rows)
  const counts = devices.map(countOf)
  stage.say(texts.sums(sumsOf(counts)))
  return { written, devices: counts, returns }
}

async function cutOff(play: Play, leaving: readonly Device[]): Promise<Away[]> {
  const { stage, texts, clock } = play
  for (const device of leaving) for (let n = 1; n <= ownEach; n++) device.write(`from the tunnel ${n}`)
  // A turn of the event loop: the first of them is on its way, and its ack is not here.
  await pause(clock, 0)
  const away = leaving.map((device) => {
    device.cut()
    const { node, received, conversation } = device
    const unconfirmed = conversation.snapshot().pending.length
    return { device, fromNode: node.number, had: received.messages.length, unconfirmed }
  })
  stage.say(texts.cutOff(leaving.map(({ name }) => name)))
  await look(play)
  return away
}

async function comeBack(play: Play, away: readonly Away[], staying: readonly Device[]): Promise<Return[]> {
  // Known before the two can write again: what they lack is what is stored by now.
  const stored = longest(staying.map(({ received }) => received.messages)).map(({ id }) => id)
  return Promise.all(away.map((each) => comeBackAlone(play, each, stored)))
}

async function comeBackAlone({ nodes, clock }: Play, away: Away, stored: readonly string[]): Promise<Return> {
  const { device, fromNode, had, unconfirmed } = away
  // If anything had come through the cut, it would not count as sent on return.
  const before = device.received.messages.length
  // The number counts from 1, so this is the next one.
  device.comeBack(nodes[fromNode % nodes.length] ?? nodes[0])
  await until([device], () => device.isLive, clock)
  const { messages } = device.received
  const got = stored.filter((id, place) => place >= before && messages[place]?.id === id).length
  return { name: device.name, fromNode, toNode: device.node.number, had, missed: stored.length - had, got, unconfirmed }
}

function longest<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists.reduce((longer, list) => (list.length > longer.length ? list : longer), [])
}
