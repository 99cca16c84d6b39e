/** The time, for as long as somebody watches it pass. */
import { systemClock } from "@everthread/protocol"
import { useEffect, useState } from "react"

const tickMs = 1_000

export function useNow(isWatched: boolean): number {
  const [now, setNow] = useState(() => systemClock.now())
  useEffect(() => {
    if (!isWatched) return
    const timer = setInterval(() => setNow(systemClock.now()), tickMs)
    return () => clearInterval(timer)
  }, [isWatched])
  return now
}
