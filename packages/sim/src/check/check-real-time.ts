/**
 * What was written after something was acknowledged stands behind it, whoever wrote the two: one order that agrees with
 * the time in which people live. Only where one clock tells when all devices wrote. (SPEC LOG1)
 */
import { type Expected, type Finding, type History, nameOf } from "../history/history.ts"

interface Timed {
  readonly text: string
  readonly device: string
  readonly seq: number
  readonly writtenMs: number
  readonly ackedMs: number
}

export function checkRealTime({ conversation, devices }: History, { rollback }: Expected): Finding[] {
  if (rollback) return []
  const timed = devices.flatMap((device) =>
    device.sent.flatMap(({ text, ack, writtenMs, ackedMs }): Timed[] =>
      ack && writtenMs !== undefined && ackedMs !== undefined
        ? [{ text, device: nameOf(device), seq: ack.seq, writtenMs, ackedMs }]
        : [],
    ),
  )
  return faultsIn(timed).map((found) => ({ law: "real time", conversation, ...found }))
}

/** In the order of writing, each is held against the furthest place that was acknowledged before. */
function faultsIn(timed: readonly Timed[]): Pick<Finding, "device" | "what">[] {
  const byAck = [...timed].sort((one, other) => one.ackedMs - other.ackedMs)
  const byWriting = [...timed].sort((one, other) => one.writtenMs - other.writtenMs)
  const found: Pick<Finding, "device" | "what">[] = []
  let furthest: Timed | undefined
  let at = 0
  for (const one of byWriting) {
    for (let acked = byAck[at]; acked && acked.ackedMs < one.writtenMs; acked = byAck[++at]) {
      if (!furthest || acked.seq > furthest.seq) furthest = acked
    }
    if (!furthest || furthest.seq < one.seq) continue
    const what = `${JSON.stringify(one.text)} stands at ${one.seq}, before ${JSON.stringify(furthest.text)} at ${furthest.seq}, which was acknowledged before it was written`
    found.push({ device: one.device, what })
  }
  return found
}
