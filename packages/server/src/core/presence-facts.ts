/**
 * Tells the others that a device came or went. It has no place in the log; nothing waits for it.
 *
 * Connections tell of their own devices. Of devices that went with another node, and of those that are back after this
 * node was out of touch, the engine tells one node, which tells everybody. What was told while a node did not hear is made
 * good by `Feed`.
 *
 * What the store does not take is not told later: by then the device may be on another node, which has said so. Instead
 * everybody in that conversation is told to ask, until the store has taken that. (SPEC NOD2)
 */
import type { Engine } from "@everthread/engine"
import type { Clock, Timer } from "@everthread/protocol"
import type { Actor, Core } from "./core.ts"

/** For those whose protocol has a word for it: who is here may be another than was told. */
export const unheard = JSON.stringify({ type: "unheard" })
/** How long the store is left alone after it has not taken something. */
const againAfterMs = 1_000

export interface PresenceNewsOptions {
  readonly engine: Engine
  readonly clock: Clock
}

export class PresenceNews {
  readonly #options: PresenceNewsOptions
  /** Conversations in which something was not told. */
  readonly #untold = new Set<string>()
  #timer: Timer | undefined

  constructor(options: PresenceNewsOptions) {
    this.#options = options
  }

  async tell(conversation: string, { user, device }: Actor, on: boolean): Promise<void> {
    await this.#publish(conversation, JSON.stringify({ type: "presence", by: { user, device }, on }))
  }

  async #again(): Promise<void> {
    this.#timer = undefined
    const untold = [...this.#untold]
    // Before they are told: what is not taken meanwhile is to be told once more.
    this.#untold.clear()
    await Promise.all(untold.map((conversation) => this.#publish(conversation, unheard)))
  }

  async #publish(conversation: string, body: string): Promise<void> {
    try {
      if (await this.#options.engine.log.publish(conversation, body)) return
    } catch {
      return // The engine is closed.
    }
    this.#untold.add(conversation)
    this.#timer ??= this.#options.clock.startTimer(againAfterMs, () => void this.#again())
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
