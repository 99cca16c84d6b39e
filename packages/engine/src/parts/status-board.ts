/** Whether the store can be read and written, and who wants to know when that changes. */
import type { EngineStatus } from "../engine.ts"
import { notify } from "./notify.ts"

export interface StatusBoard {
  current(): EngineStatus
  set(status: EngineStatus): void
  watch(listener: (status: EngineStatus) => void): () => void
}

export function statusBoard(): StatusBoard {
  let current: EngineStatus = { state: "ready" }
  const listeners = new Set<(status: EngineStatus) => void>()
  return {
    current: () => current,
    set(status) {
      const changed = status.state !== current.state
      current = status
      if (changed) notify(listeners, (listener) => listener(status))
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
