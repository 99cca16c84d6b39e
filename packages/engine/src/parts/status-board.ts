/** Whether the store can be read and written, and who wants to know when that changes. */
import type { EngineStatus } from "../engine.ts"
import { listenerSet } from "./listener-set.ts"

export interface StatusBoard {
  current(): EngineStatus
  set(status: EngineStatus): void
  watch(listener: (status: EngineStatus) => void): () => void
}

export function statusBoard(): StatusBoard {
  let current: EngineStatus = { state: "ready" }
  const listeners = listenerSet<[EngineStatus]>()
  return {
    current: () => current,
    set(status) {
      const changed = status.state !== current.state
      current = status
      if (changed) listeners.tell(status)
    },
    watch: listeners.add,
  }
}
