/**
 * Holds what was counted against what is promised. Pure: every check is two numbers that have to be the same.
 */
import { type AnswerCount, type DemoCounts, type DeviceCount, sumsOf } from "./counts.ts"

/** Each has its words in `texts.ts`. */
export type Promised =
  | "all"
  | "order"
  | "gaps"
  | "duplicates"
  | "otherNodes"
  | "missed"
  | "streamed"
  | "sameAnswer"
  | "stopped"
  | "sameStop"
  | "question"
  | "firstWins"
  | "refused"
  | "sameResult"

export interface Check {
  readonly scene: 1 | 2 | 3
  readonly promise: Promised
  readonly promised: number
  readonly counted: number
  readonly ok: boolean
}

/** Fewer pieces are no stream. */
const piecesMin = 5

export function judge({ consistency, recovery, devices }: DemoCounts): readonly Check[] {
  return [...judgeOrder(1, consistency), ...judgeRecovery(recovery), ...judgeDevices(devices)]
}

interface OrderCounts {
  readonly written: number
  readonly devices: readonly DeviceCount[]
}

function judgeOrder(scene: Check["scene"], { written, devices }: OrderCounts): Check[] {
  const check = checkOf(scene)
  return [check("all", written * devices.length, sumsOf(devices).received), ...judgeSequence(scene, devices)]
}

function judgeSequence(scene: Check["scene"], devices: readonly DeviceCount[]): Check[] {
  const check = checkOf(scene)
  const { orders, gaps, duplicates } = sumsOf(devices)
  return [check("order", 1, orders), check("gaps", 0, gaps), check("duplicates", 0, duplicates)]
}

function judgeRecovery(recovery: DemoCounts["recovery"]): Check[] {
  const { returns } = recovery
  const check = checkOf(2)
  const moved = returns.filter(({ fromNode, toNode }) => fromNode !== toNode)
  const missed = sum(returns, (each) => each.missed)
  return [
    check("otherNodes", returns.length, moved.length),
    check(
      "missed",
      missed,
      sum(returns, ({ got }) => got),
    ),
    ...judgeOrder(2, recovery),
  ]
}

function judgeDevices({ answer, stopped, question, devices }: DemoCounts["devices"]): Check[] {
  const check = checkOf(3)
  const count = devices.length
  return [
    check("streamed", count, answer.filter(({ pieces }) => pieces >= piecesMin).length),
    check("sameAnswer", 1, sameWords(answer, "completed")),
    check("stopped", count, stopped.filter(({ outcome }) => outcome === "stopped").length),
    check("sameStop", 1, sameWords(stopped, "stopped")),
    check("question", count, question.shown),
    check("firstWins", 1, question.stored),
    check("refused", question.given - 1, question.refused),
    check("sameResult", 1, sameWords(question.result, "completed")),
    ...judgeSequence(3, devices),
  ]
}

/** @returns how many different texts there are; 0 if one of them is empty or ended otherwise. */
function sameWords(answers: readonly AnswerCount[], outcome: string): number {
  const isWhole = answers.every((answer) => answer.chars > 0 && answer.outcome === outcome)
  return isWhole ? new Set(answers.map(({ text }) => text)).size : 0
}

function checkOf(scene: Check["scene"]) {
  return (promise: Promised, promised: number, counted: number): Check => ({
    scene,
    promise,
    promised,
    counted,
    ok: promised === counted,
  })
}

function sum<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((total, each) => total + of(each), 0)
}
