/**
 * Tells the others that a device came or went. It has no place in the log; nothing waits for it.
 *
 * Connections tell of their own devices. Of devices that went with another node, and of those that are back after this
 * node was out of touch, the engine tells one node, which tells everybody. What was told while a node did not hear is made
 * good by `Feed`.
 *
 * Between the store's answer and the telling a node may stall, and the device be elsewhere, or gone, and said so, by the time it
 * goes on. So whoever has told looks once more, and tells what is true by then: what was told last is what is in the store.
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

  /** Resolves when it is told and still true, or when it is known that it cannot be said. */
  async tell(conversation: string, { user, device }: Actor, on: boolean): Promise<void> {
    for (let told = on; ; told = !told) {
      const isTold = await this.#publish(
        conversation,
        JSON.stringify({ type: "presence", by: { user, device }, on: told }),
      )
      if (!isTold || (await this.#isStillSo(conversation, { user, device }, told))) return
    }
  }

  async #isStillSo(conversation: string, actor: Actor, on: boolean): Promise<boolean> {
    try {
      return (await this.#options.engine.presence.isPresent(conversation, actor)) === on
    } catch {
      this.#mistrust(conversation)
      return true
    }
  }

  async #again(): Promise<void> {
    this.#timer = undefined
    const untold = [...this.#untold]
    // Before they are told: what is not taken meanwhile is to be told once more.
    this.#untold.clear()
    await Promise.all(untold.map((conversation) => this.#publish(conversation, unheard)))
  }

  /** @returns whether the store has taken it. */
  async #publish(conversation: string, body: string): Promise<boolean> {
    try {
      if (await this.#options.engine.log.publish(conversation, body)) return true
    } catch {
      return false // The engine is closed.
    }
    this.#mistrust(conversation)
    return false
  }

  #mistrust(conversation: string): void {
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
