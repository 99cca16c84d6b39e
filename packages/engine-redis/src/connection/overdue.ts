/**
 * Notices that a server has stopped to answer.
 *
 * Answers come in the order of the calls, so two counters are enough: how many were asked, how many answered. A look
 * is taken several times within a deadline; when a call has been waiting for a whole deadline's worth of looks, it is
 * overdue. Looks are counted, not time: between two of them the event loop has read what had arrived, so a process
 * that was itself stopped or busy does not take its own absence for the server's.
 */
import type { Clock, Timer } from "@everthread/protocol"

const looksPerDeadline = 8

export interface OverdueWatch {
  asked(): void
  /** Also when a call was given up: it waits no longer. */
  answered(): void
  stop(): void
}

/** @param fire called once, when a call has waited longer than `deadlineMs`. */
export function overdueWatch(clock: Clock, deadlineMs: number, fire: () => void): OverdueWatch {
  let asked = 0
  let answered = 0
  let isStopped = false
  let timer: Timer | undefined
  /** How many had been asked at the last looks, the oldest first. */
  let askedAt: number[] = []

  function look(): void {
    timer = undefined
    // One that is due in the same turn in which it is stopped has nothing to say any more.
    if (isStopped) return
    if (answered === asked) {
      askedAt = []
      return
    }
    askedAt.push(asked)
    if (askedAt.length > looksPerDeadline) {
      const before = askedAt.shift() ?? 0
      if (before > answered) {
        stop()
        return fire()
      }
    }
    later()
  }

  function later(): void {
    if (!isStopped) timer ??= clock.startTimer(deadlineMs / looksPerDeadline, look)
  }

  function stop(): void {
    isStopped = true
    if (timer) clock.stopTimer(timer)
  }

  return {
    asked() {
      asked += 1
      later()
    },
    answered() {
      answered += 1
    },
    stop,
  }
}
