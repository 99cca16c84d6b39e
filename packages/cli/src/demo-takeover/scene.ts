/**
 * The scene: a story is told on two devices, its node is killed in the middle of a sentence, and the story goes on.
 *
 * What does not come in time is not waited for any longer: the counts say then what is wrong.
 */
import { isOpen } from "@everthread/protocol"
import { pause, until } from "../demo-cluster/until.ts"
import type { ShowNode } from "./show-node.ts"
import type { ShowPlay, Takeover } from "./show-play.ts"
import { type Speaker, storyRows } from "./story-rows.ts"

/** So much of the second chapter has been told when its node is killed. */
const toldBeforeKill = 0.4

/** @returns nothing if it never came to a takeover. */
export async function playTakeover(play: ShowPlay): Promise<Takeover | undefined> {
  const { stage, texts, devices, nodes, clock, story } = play
  let speaker: Speaker = { state: "nobody" }
  stage.scene(1, texts.scene)
  stage.live((columns) => storyRows(devices, speaker, { columns, texts, paint: stage.paint, nowMs: clock.monotonic() }))
  const owner = () => nodes.find(({ id }) => id === devices[0]?.shown.attempts.at(-1))
  devices[0]?.conversation.send(texts.question, { agent: play.agent }).catch(() => {})
  await until(devices, () => owner() !== undefined, clock)
  const from = owner()
  if (!from) return undefined
  stage.say(texts.speaks(from.number, 1))
  speaker = { state: "speaking", node: from.number, attempt: 1 }
  const enough = Math.floor((story[1]?.length ?? 0) * toldBeforeKill)
  await until(devices, () => devices.every(({ shown }) => (shown.chapters[1]?.length ?? 0) >= enough), clock)
  const killedAtMs = await kill(from, play)
  speaker = { state: "silent", sinceMs: killedAtMs }
  await until(devices, () => devices.every(({ shown }) => shown.attempts.length > 1), clock)
  const to = owner()
  if (!to) return undefined
  const seconds = () => (clock.monotonic() - killedAtMs) / 1_000
  stage.say(texts.recovering(to.number, devices[0]?.shown.attempts.length ?? 0, seconds().toFixed(1)))
  speaker = { state: "speaking", node: to.number, attempt: 2 }
  await until(devices, () => devices.some(({ heardAtMs }) => heardAtMs > killedAtMs), clock)
  const silenceSeconds = seconds()
  await until(devices, () => devices.every(({ conversation }) => hasEnded(conversation)), clock)
  return { from: from.number, to: to.number, silenceSeconds, retracted: devices[0]?.shown.retracted.join(" ") ?? "" }
}

/** @returns when it was. */
async function kill(node: ShowNode, { store, stage, texts, clock }: ShowPlay): Promise<number> {
  stage.say(texts.kill(node.number, node.pid ?? 0))
  const atMs = clock.monotonic()
  await node.kill()
  if (store === "embedded") {
    stage.say(texts.startAgain)
    await node.start()
  }
  return atMs
}

function hasEnded({ snapshot }: ShowPlay["devices"][number]["conversation"]): boolean {
  const [run] = snapshot().state.runs
  return run !== undefined && !isOpen(run)
}

/** Waits so that something can be read, unless nobody reads. */
export function look({ clock, lookMs }: Pick<ShowPlay, "clock" | "lookMs">): Promise<void> {
  return lookMs === 0 ? Promise.resolve() : pause(clock, lookMs)
}
