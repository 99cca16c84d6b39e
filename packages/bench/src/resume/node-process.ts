/** What a node's process is asked while devices come back to it. */

import { monitorEventLoopDelay } from "node:perf_hooks"
import { answerBench } from "../delivery/child-side.ts"
import { drive } from "../measure/lanes.ts"

export type ToNode =
  /** So many events more in this conversation, which is begun where it does not exist. */
  | { readonly ask: "fill"; readonly conversation: string; readonly events: number }
  /** So many conversations, with nothing in them: `prefix-0`, `prefix-1` … */
  | { readonly ask: "make"; readonly prefix: string; readonly count: number }
  | { readonly ask: "used" }

/** What lies before the first of the events, and the last of them. */
export interface Filled {
  readonly from: string
  readonly head: string
}

export interface Used {
  /** Since it began, user and system, in microseconds. */
  readonly cpuUs: number
  /** For how long the event loop was held up at most, since this was asked last. */
  readonly heldUpMs: number
}

export type Fill = (conversation: string, events: number) => Promise<Filled>

/** How finely it is looked at. */
const resolutionMs = 1
const millisecondNs = 1e6
const makingAtOnce = 64

/** Answers the bench until it is gone; then the node is, too. */
export function serveReturns(port: number, fill: Fill): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const used = (): Used => {
    const { user, system } = process.cpuUsage()
    const heldUpMs = delay.max / millisecondNs
    delay.reset()
    return { cpuUs: user + system, heldUpMs }
  }
  const answer = async (asked: ToNode): Promise<Used | Filled | "made"> => {
    if (asked.ask === "used") return used()
    if (asked.ask === "fill") return fill(asked.conversation, asked.events)
    let made = 0
    await drive(makingAtOnce, asked.count, async () => void (await fill(`${asked.prefix}-${made++}`, 0)))
    return "made"
  }
  answerBench(answer, port)
}
