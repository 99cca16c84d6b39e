/** What the log of a chat holds, and what a worker adds to it that asks. */
import { bodyOf, type Engine } from "@everthread/engine"
import { type EventBody, type EventOf, type EventType, type Json, startCursor } from "@everthread/protocol"
import type { SimulatedRun } from "../../simple/support/simulated-agent.ts"

const page = { entriesMax: 10_000, charsMax: Number.MAX_SAFE_INTEGER }

export async function logOf(engine: Engine, chat: string): Promise<EventBody[]> {
  const read = await engine.log.read(chat, startCursor, page)
  return read.status === "tail" ? read.entries.map(bodyOf) : []
}

export async function eventsIn<T extends EventType>(engine: Engine, chat: string, type: T): Promise<EventOf<T>[]> {
  const bodies = await logOf(engine, chat)
  return bodies.filter((body): body is EventOf<T> => body.type === type)
}

/** Waits until the log has so many of them. */
export async function until<T extends EventType>(
  engine: Engine,
  chat: string,
  type: T,
  count = 1,
): Promise<EventOf<T>[]> {
  let found: EventOf<T>[] = []
  const look = async () => {
    found = await eventsIn(engine, chat, type)
    return found.length >= count
  }
  await vi.waitUntil(look, { timeout: 30_000, interval: 10 })
  return found
}

const time = 1_790_000_000_000

/** The run asks, and waits. */
export function ask(run: SimulatedRun, interrupt: string, value: Json, more: object = {}): Promise<void> {
  return run.append(
    { type: "input.requested", time, run: run.run, interrupt, value, ...more },
    { type: "run.waiting", time, run: run.run },
  )
}

/** A tool has an outcome. */
export function toolFinished(run: SimulatedRun, call: string, output: Json): Promise<void> {
  const data = { event: "tool-finished", tool_call_id: call, output }
  return run.append({ type: "agent", time, run: run.run, method: "tools", ns: ["tools:1"], data })
}
