/**
 * Each frame begins where its device is, and its events are the whole of what lies between: no gap, no repeat, no
 * reorder, whatever happened to the connection. (SPEC FRM1, FRM2, SUB4)
 */
import { type Cursor, seqOf, startCursor } from "@everthread/protocol"
import { type DeviceHistory, type Finding, type History, nameOf, type Step } from "../history/history.ts"

export function checkFrames({ conversation, devices }: History): Finding[] {
  return devices.flatMap((device) => {
    const found = [...faultsIn(undefined, device.steps, "applied"), ...wireFaults(device)]
    return found.map((fault) => ({ conversation, device: nameOf(device), ...fault }))
  })
}

interface Fault {
  readonly law: string
  readonly what: string
}

function wireFaults({ wire }: DeviceHistory): Fault[] {
  return wire.flatMap(({ asked, steps }) => faultsIn(asked, steps, "received"))
}

function faultsIn(asked: Cursor | undefined, steps: readonly Step[], how: string): Fault[] {
  const faults: Fault[] = []
  let cursor = asked ?? startCursor
  for (const step of steps) {
    if (step.type === "events" && step.prev !== cursor) {
      faults.push({ law: "chain", what: `${how} a frame from ${step.prev} at ${cursor}` })
    }
    if (step.type === "events") faults.push(...insideFaults(step, how))
    cursor = step.cursor
  }
  return faults
}

/** A joined delta stands for itself and those before it, and carries its last place; everything else is one entry. */
function insideFaults({ prev, cursor, events }: Step & { type: "events" }, how: string): Fault[] {
  const faults: Fault[] = []
  let seq = seqOf(prev)
  for (const event of events) {
    const isNext = event.type === "delta" ? event.seq > seq : event.seq === seq + 1
    if (!isNext) faults.push({ law: "dense", what: `${how} ${event.type} ${event.seq} after ${seq}` })
    seq = event.seq
  }
  if (seq !== seqOf(cursor)) faults.push({ law: "dense", what: `${how} a frame to ${cursor} that ends with ${seq}` })
  return faults
}
