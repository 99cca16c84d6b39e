/**
 * The engine's status, with what durability has to say about it: a store that confirms nothing is unavailable, and
 * one that is configured worse than what was asked for says so while it works.
 */
import type { EngineStatus } from "@everthread/engine"
import { type StatusBoard, statusBoard } from "@everthread/engine/parts"

export interface ShownStatus extends Pick<StatusBoard, "current" | "watch"> {
  /** One of the reasons may have come or gone. */
  update(): void
}

export interface Reasons {
  /** Why nothing is confirmed at the moment. */
  readonly shortage: () => string | undefined
  /** What is worse than was asked for. */
  readonly concern: () => string | undefined
}

/** @param board what the servers say of themselves. */
export function shownStatus(board: StatusBoard, { shortage, concern }: Reasons): ShownStatus {
  const shown = statusBoard()
  const update = () => shown.set(current())
  board.watch(update)

  function current(): EngineStatus {
    const status = board.current()
    if (status.state === "unavailable") return status
    const lack = shortage()
    if (lack !== undefined) return { state: "unavailable", reason: lack }
    const worry = status.state === "ready" ? concern() : undefined
    return worry === undefined ? status : { ...status, reason: worry }
  }

  return { current, watch: shown.watch, update }
}
