/** What a case came to, in numbers. */
import { type History, knownEvents, type Step } from "@everthread/sim"

export interface Counts {
  /** Given to a device to send. */
  readonly messages: number
  readonly acknowledged: number
  /** Times that a message went out again. */
  readonly resent: number
  /** Snapshots with `diverged`: a device and conversation each. */
  readonly resets: number
  /** Most for one device in one conversation. */
  readonly resetsMax: number
  /** Fewest for one device in one conversation. */
  readonly resetsMin: number
  readonly frames: number
  readonly subscriptions: number
  readonly runs: number
  readonly attempts: number
}

export function countsOf(histories: readonly History[]): Counts {
  const devices = histories.flatMap((history) => history.devices)
  const sent = devices.flatMap((device) => device.sent)
  const resets = devices.map(({ steps }) => steps.filter(isReset).length)
  const events = histories.flatMap((history) => knownEvents(history).map(({ type }) => type))
  return {
    messages: sent.length,
    acknowledged: sent.filter(({ ack }) => ack !== undefined).length,
    resent: sum(sent.map(({ times }) => Math.max(times - 1, 0))),
    resets: sum(resets),
    resetsMax: Math.max(...resets),
    resetsMin: Math.min(...resets),
    frames: sum(devices.map(({ steps }) => steps.length)),
    subscriptions: sum(devices.map(({ wire }) => wire.length)),
    runs: events.filter((type) => type === "run.queued").length,
    attempts: events.filter((type) => type === "run.attempt").length,
  }
}

const isReset = (step: Step): boolean => step.type === "snapshot" && step.reason === "diverged"
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

export const noCounts: Counts = {
  messages: 0,
  acknowledged: 0,
  resent: 0,
  resets: 0,
  resetsMax: 0,
  resetsMin: Number.MAX_SAFE_INTEGER,
  frames: 0,
  subscriptions: 0,
  runs: 0,
  attempts: 0,
}

export function sumOf(one: Counts, other: Counts): Counts {
  return {
    messages: one.messages + other.messages,
    acknowledged: one.acknowledged + other.acknowledged,
    resent: one.resent + other.resent,
    resets: one.resets + other.resets,
    resetsMax: Math.max(one.resetsMax, other.resetsMax),
    resetsMin: Math.min(one.resetsMin, other.resetsMin),
    frames: one.frames + other.frames,
    subscriptions: one.subscriptions + other.subscriptions,
    runs: one.runs + other.runs,
    attempts: one.attempts + other.attempts,
  }
}
