/** What a worker writes, without a worker: it claims a run and says that it is under way, waits, or has ended. */
import { type Engine, type Fence, freshNonce } from "@everthread/engine"
import { type EventBody, systemRandom } from "@everthread/protocol"
import { attempt, time } from "./bodies.ts"

export async function beginRun(engine: Engine, conversation: string, run: string): Promise<Fence> {
  const claim = { conversation, run, node: "worker", nonce: systemRandom.id(12), instead: undefined }
  const fence = await engine.leases.claim(claim)
  if (!fence) throw new Error(`${run} could not be claimed`)
  await write(engine, conversation, fence, [attempt(run)])
  return fence
}

/** It asks, and waits for the answer. */
export function askInRun(engine: Engine, conversation: string, fence: Fence, run: string): Promise<void> {
  const asked: EventBody = { type: "input.requested", time, run, interrupt: `${run}-asks`, value: "May I?" }
  return write(engine, conversation, fence, [asked, { type: "run.waiting", time, run }])
}

export async function endRun(engine: Engine, conversation: string, fence: Fence, run: string): Promise<void> {
  const ended: EventBody = { type: "run.ended", time, run, outcome: "completed" }
  await write(engine, conversation, fence, [ended], run)
  await engine.leases.release(conversation, fence)
}

async function write(engine: Engine, conversation: string, fence: Fence, bodies: EventBody[], done?: string) {
  const { status } = await engine.log.append({
    conversation,
    nonce: freshNonce(systemRandom),
    bodies: bodies.map((body) => JSON.stringify(body)),
    fence,
    ...(done === undefined ? {} : { runs: [{ run: done, state: "done" as const }] }),
  })
  if (status !== "appended") throw new Error(`not appended: ${status}`)
}
