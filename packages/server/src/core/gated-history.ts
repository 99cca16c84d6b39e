/** A checkpoint history that few may ask at once: opening the checkpoints of a long thread costs milliseconds each. */
import type { CheckpointHistory } from "./checkpoint-history.ts"
import { Gate } from "./gate.ts"

const askedAtOnceMax = 2

export function gatedHistory(history: CheckpointHistory): CheckpointHistory {
  const gate = new Gate(askedAtOnceMax)
  return {
    list: (...args) => gate.pass(() => history.list(...args)),
    read: (...args) => gate.pass(() => history.read(...args)),
    copy: (...args) => gate.pass(() => history.copy(...args)),
  }
}
