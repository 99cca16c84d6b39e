/**
 * Makes a subscriber connection prove, again and again, that it hears: something is published to a channel of its
 * own over the other connection, the one that commands take.
 *
 * A connection can be dead without anybody being told: a firewall forgot it, the server is frozen, the server does
 * not know it any more. Silence is counted in beats that this process really made, not in time: a process that was
 * stopped itself, or whose event loop was busy, finds a late clock and the canary waiting in the socket.
 */
import type { Clock, Timer } from "@everthread/protocol"

export interface CanarySetup {
  readonly clock: Clock
  readonly everyMs: number
  /** So many beats without hearing anything, and it is dead. */
  readonly silentBeatsMax: number
  /** Publishes. @returns how many heard it at the server, or `undefined` if it could not be published. */
  readonly publish: () => Promise<number | undefined>
  /** Called once, with the reason. */
  readonly dead: (reason: string) => void
}

export interface Canary {
  heard(): void
  stop(): void
}

export function startCanary({ clock, everyMs, silentBeatsMax, publish, dead }: CanarySetup): Canary {
  let silentBeats = 0
  let isStopped = false
  let timer: Timer | undefined
  beat()

  function beat(): void {
    if (silentBeats >= silentBeatsMax) return die(`it has heard nothing for ${silentBeats * everyMs} ms`)
    silentBeats += 1
    timer = clock.startTimer(everyMs, beat)
    void sing()
  }

  async function sing(): Promise<void> {
    const receivers = await publish().catch(() => undefined)
    if (receivers === 0) die("the server that takes the commands does not know it")
  }

  function die(reason: string): void {
    if (isStopped) return
    stop()
    dead(reason)
  }

  function stop(): void {
    isStopped = true
    if (timer) clock.stopTimer(timer)
  }

  return {
    heard() {
      silentBeats = 0
    },
    stop,
  }
}
