/**
 * What is to be written about sessions, joined for each of them until it can be written.
 *
 * Thousands of connections touch their sessions many times a second. So a session has one write under way at a time,
 * what comes meanwhile is joined into one next write, and the writes of one turn of the event loop go out together.
 * A write that fails because the store is away waits and is tried again, joined with what came since: what a device
 * has received is then said a little later. What waits is bounded: beyond the bound the oldest is given up, and its
 * device gets once more what it has received, under the same names.
 */
import { EngineError } from "@everthread/engine"
import type { Clock, Cursor, Timer } from "@everthread/protocol"

export interface Touch {
  readonly user: string
  readonly device: string
  readonly now: number
  readonly ttlMs: number
  readonly received: ReadonlyMap<string, Cursor>
}

export interface Touches {
  /** Resolves when it is written, or waits for a store that is away. */
  add(touch: Touch): Promise<void>
  /** Resolves when what was added about this session is written or waits. */
  settled(user: string, device: string): Promise<void>
  /** Tries everything a last time, and no more. */
  close(): Promise<void>
}

export interface TouchesSetup {
  readonly clock: Clock
  readonly write: (touch: Touch) => Promise<void>
}

const writesUnderWayMax = 512
const waitingMax = 50_000
const retryMs = 500

interface Waiting {
  touch: Touch
  /** Where it stands: in line for a write, or waiting for the store to be back. */
  state: "due" | "failed"
  readonly tried: Promise<void>
  readonly wasTried: () => void
}

export function touches({ clock, write }: TouchesSetup): Touches {
  const waiting = new Map<string, Waiting>()
  const underWay = new Map<string, Promise<void>>()
  let isScheduled = false
  let retry: Timer | undefined
  let isClosed = false

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    clock.endOfTick(() => {
      isScheduled = false
      writeDue()
    })
  }

  function writeDue(): void {
    for (const [session, entry] of waiting) {
      if (underWay.size >= writesUnderWayMax) return
      if (entry.state === "due" && !underWay.has(session)) begin(session, entry)
    }
  }

  function begin(session: string, entry: Waiting): void {
    waiting.delete(session)
    const work = tryOnce(session, entry).finally(() => {
      underWay.delete(session)
      entry.wasTried()
      if (waiting.size > 0) schedule()
    })
    underWay.set(session, work)
  }

  async function tryOnce(session: string, { touch }: Waiting): Promise<void> {
    try {
      await write(touch)
    } catch (error) {
      if (isClosed || !(error instanceof EngineError)) return
      const newer = waiting.get(session)
      if (newer) newer.touch = joined(touch, newer.touch)
      else put(session, touch, "failed")
      retry ??= clock.startTimer(retryMs, again)
    }
  }

  function again(): void {
    retry = undefined
    for (const entry of waiting.values()) entry.state = "due"
    schedule()
  }

  function put(session: string, touch: Touch, state: Waiting["state"]): Waiting {
    const { promise: tried, resolve: wasTried } = promised()
    const entry: Waiting = { touch, state, tried, wasTried }
    waiting.set(session, entry)
    const [oldest] = waiting
    if (waiting.size > waitingMax && oldest) {
      waiting.delete(oldest[0])
      oldest[1].wasTried()
    }
    return entry
  }

  return {
    add(touch) {
      const session = sessionOf(touch.user, touch.device)
      const known = waiting.get(session)
      if (known) known.touch = joined(known.touch, touch)
      const entry = known ?? put(session, touch, "due")
      schedule()
      return entry.state === "failed" ? Promise.resolve() : entry.tried
    },
    async settled(user, device) {
      const session = sessionOf(user, device)
      await underWay.get(session)
      const entry = waiting.get(session)
      if (entry?.state === "due") await entry.tried
    },
    async close() {
      if (retry) clock.stopTimer(retry)
      isClosed = true
      again()
      while (waiting.size + underWay.size > 0) {
        writeDue()
        await Promise.all(underWay.values())
      }
    },
  }
}

/** The later one counts, conversation by conversation. */
const joined = (earlier: Touch, later: Touch): Touch => ({
  ...later,
  received: new Map([...earlier.received, ...later.received]),
})

const sessionOf = (user: string, device: string): string => JSON.stringify([user, device])

function promised(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
