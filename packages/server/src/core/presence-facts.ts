/**
 * Tells the others that a device came or went. It has no place in the log; nothing waits for it.
 *
 * Connections tell of their own devices. Of devices that went with another node, and of those that are back after this
 * node was out of touch, the engine tells one node, which tells everybody. What the store does not take is told again until it
 * does, since nothing else would ever say it; what was told while a node did not hear is made good by `Feed`.
 */
import type { Engine } from "@everthread/engine"
import type { Clock, Timer } from "@everthread/protocol"
import type { Actor, Core } from "./core.ts"

/** How long the store is left alone after it has not taken something. */
const againAfterMs = 1_000

interface Fact {
  readonly conversation: string
  readonly device: Actor
  readonly on: boolean
}

export interface PresenceNewsOptions {
  readonly engine: Engine
  readonly clock: Clock
}

export class PresenceNews {
  readonly #options: PresenceNewsOptions
  /** What the store has not taken, by conversation and device: only the newest of each is worth saying. */
  readonly #untold = new Map<string, Fact>()
  #timer: Timer | undefined

  constructor(options: PresenceNewsOptions) {
    this.#options = options
  }

  async tell(conversation: string, { user, device }: Actor, on: boolean): Promise<void> {
    const name = JSON.stringify([conversation, user, device])
    const fact = { conversation, device: { user, device }, on }
    this.#untold.set(name, fact)
    if (await this.#publish(fact)) this.#told(name, fact)
    else this.#timer ??= this.#options.clock.startTimer(againAfterMs, () => void this.#again())
  }

  async #again(): Promise<void> {
    this.#timer = undefined
    await Promise.all(
      [...this.#untold.values()].map(({ conversation, device, on }) => this.tell(conversation, device, on)),
    )
  }

  #told(name: string, fact: Fact): void {
    if (this.#untold.get(name) === fact) this.#untold.delete(name)
  }

  /** @returns whether there is nothing more to do about it. */
  async #publish({ conversation, device, on }: Fact): Promise<boolean> {
    try {
      return await this.#options.engine.log.publish(conversation, JSON.stringify({ type: "presence", by: device, on }))
    } catch {
      // The engine is closed.
      return true
    }
  }
}

/** Passes on what the engine tells of devices whose connections say nothing. @returns stops it. */
export function relayPresence({ engine, presence }: Pick<Core, "engine" | "presence">): () => void {
  const relay = (on: boolean) => (conversation: string, device: Actor) => void presence.tell(conversation, device, on)
  const stops = [engine.presence.onGone(relay(false)), engine.presence.onBack(relay(true))]
  return () => {
    for (const stop of stops) stop()
  }
}
