/**
 * One run of an agent that two devices follow, and one thing that befalls it in the middle: nothing, a device that leaves
 * and comes back, or the death of the node that speaks, which is started again.
 */
import { setTimeout as pause } from "node:timers/promises"
import type { Random } from "@everthread/protocol"
import { systemRandom } from "@everthread/protocol"
import { seededRandom } from "@everthread/sim"
import { until } from "@everthread/stage"
import type { DeviceRecord } from "./contestant.ts"
import { judge } from "./judge.ts"
import { within } from "./plan.ts"
import { answerWords, type RunStage, type RunThread } from "./run-stage.ts"
import { Way } from "./way.ts"

export const runCases = ["calm", "who watches leaves", "who asked leaves", "kill -9 of the node"] as const
export type RunCase = (typeof runCases)[number]

export interface RunRound {
  readonly case: RunCase
  readonly seed: number
  /** Words of the answer, on each device; of two devices together. */
  readonly words: number
  readonly lost: number
  readonly doubled: number
  readonly disordered: number
  /** Of those, what is still so when the devices have been loaded anew. */
  readonly lostForGood: number
  /** Devices for which the run never ended. */
  readonly hung: number
  /** Whether the thread took no other question afterwards. */
  readonly stuck: number
}

const wordsBefore = { least: 8, most: 45 }
const awayMs = { least: 100, most: 900 }
const downMs = { least: 200, most: 1_000 }
/** Several times what the whole answer takes. */
const overMsMax = 25_000

export async function playRun(stage: RunStage, which: RunCase, seed: number): Promise<RunRound> {
  const random = seededRandom(seed)
  const portOf = () => stage.nodes.find(({ port }) => port !== undefined)?.port
  const ways = [await Way.open(portOf), await Way.open(portOf)] as const
  const thread = await stage.begin(`thread-${systemRandom.id(8)}`, ways)
  try {
    await thread.ask()
    const [asker, watcher] = thread.devices
    const enough = within(wordsBefore, random)
    await until("the answer to begin", async () => asker.words.length >= enough)
    await befall(which, thread, ways, random)
    const { devices } = thread
    await until("the run to be over", async () => devices.every(({ isOver }) => isOver), overMsMax).catch(
      () => undefined,
    )
    const shown = verdictOf([asker.words, watcher.words])
    const reloaded = verdictOf(await Promise.all(devices.map((device) => device.reloaded())))
    const hung = devices.filter(({ isOver }) => !isOver).length
    const isStuck = !(await thread.takesAnother())
    const { lost, doubled, disordered, deliveries: words } = shown
    return {
      case: which,
      seed,
      words,
      lost,
      doubled,
      disordered,
      lostForGood: reloaded.lost,
      hung,
      stuck: Number(isStuck),
    }
  } finally {
    thread.close()
    await Promise.all(ways.map((way) => way.close()))
  }
}

async function befall(
  which: RunCase,
  thread: RunThread,
  [asker, watcher]: readonly [Way, Way],
  random: Random,
): Promise<void> {
  if (which === "calm") return
  if (which === "kill -9 of the node") return killSpeaker(thread, random)
  const way = which === "who asked leaves" ? asker : watcher
  way.cut()
  await pause(within(awayMs, random))
  way.mend()
}

async function killSpeaker(thread: RunThread, random: Random): Promise<void> {
  const node = await until("the node that speaks to be known", async () => thread.speaking)
  await node.kill()
  await pause(within(downMs, random))
  await node.start()
}

/** As the checker sees it: an agent that has sent its words, each acknowledged, and what two devices show of them. */
function verdictOf(shown: readonly (readonly string[])[]) {
  const room = "answer"
  const sent = answerWords.map((word) => ({ text: word, times: 1, ack: { cursor: "", seq: 0 } }))
  const devices = shown.map((words, index): DeviceRecord => {
    return { user: "agent", device: `${index}`, shown: words, sent: index === 0 ? sent : [], gaps: [] }
  })
  return judge(room, devices)
}
