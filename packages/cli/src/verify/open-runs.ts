/** The open runs of the store, read now and then for many conversations: a list of all asks every partition. */
import type { EngineReader, OpenRun } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"

const readEveryMs = 5_000

export class OpenRuns {
  readonly #reader: EngineReader
  readonly #clock: Clock
  #byConversation: Promise<ReadonlyMap<string, readonly OpenRun[]>> | undefined
  #readAt = 0

  constructor(reader: EngineReader, clock: Clock) {
    this.#reader = reader
    this.#clock = clock
  }

  async of(conversation: string): Promise<readonly OpenRun[]> {
    return (await this.#all()).get(conversation) ?? []
  }

  async conversations(): Promise<readonly string[]> {
    return [...(await this.#all()).keys()]
  }

  #all(): Promise<ReadonlyMap<string, readonly OpenRun[]>> {
    const now = this.#clock.monotonic()
    if (!this.#byConversation || now - this.#readAt > readEveryMs) {
      this.#readAt = now
      this.#byConversation = this.#reader.leases.openRuns().then(byConversation)
    }
    return this.#byConversation
  }
}

function byConversation(runs: readonly OpenRun[]): ReadonlyMap<string, readonly OpenRun[]> {
  const found = new Map<string, OpenRun[]>()
  for (const run of runs) found.set(run.conversation, [...(found.get(run.conversation) ?? []), run])
  return found
}
