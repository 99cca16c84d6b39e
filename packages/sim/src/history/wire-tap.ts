/**
 * Hears everything that goes over a device's sockets, before the device does: the device drops what it has already
 * and asks again where something is missing, so from the outside a wrong server may look right.
 */
import type { SocketFactory } from "@everthread/client"
import { type DownFrame, type LeanFrame, LeanReader, type UpFrame, type UpFrameOf } from "@everthread/protocol"
import type { Step, WireChain } from "./history.ts"

interface Chain extends WireChain {
  readonly conversation: string
  readonly steps: Step[]
}

type Subscribe = UpFrameOf<"subscribe">

export class WireTap {
  readonly #chains: Chain[] = []
  /** The subscription of each conversation on the present connection. */
  readonly #current = new Map<string, Chain>()
  readonly #asked = new Map<number, Subscribe>()
  readonly #times = new Map<string, number>()
  /** How often the store was said to take no writes. */
  refusals = 0

  /** @returns the same sockets, with this one listening. */
  on(open: SocketFactory): SocketFactory {
    return (url, handlers) => {
      this.#current.clear()
      this.#asked.clear()
      const reader = new LeanReader()
      const socket = open(url, {
        ...handlers,
        received: (text) => {
          const frame = reader.read(JSON.parse(text) as DownFrame | LeanFrame)
          if (frame) this.#down(frame)
          handlers.received(text)
        },
      })
      return {
        send: (text) => {
          this.#up(JSON.parse(text) as UpFrame)
          socket.send(text)
        },
        close: () => socket.close(),
      }
    }
  }

  chains(conversation: string): readonly WireChain[] {
    return this.#chains.filter((chain) => chain.conversation === conversation)
  }

  /** How often a message with this text went out. */
  times(text: string): number {
    return this.#times.get(text) ?? 0
  }

  #up(frame: UpFrame): void {
    if (frame.type === "subscribe") this.#asked.set(frame.id, frame)
    if (frame.type === "send") this.#times.set(frame.text, this.times(frame.text) + 1)
  }

  #down(frame: DownFrame): void {
    if (frame.type === "ok") this.#answered(frame.id)
    else if (frame.type === "error" && frame.error.code === "read_only") this.refusals += 1
    else if (frame.type === "events") {
      const { type, prev, cursor, events } = frame
      this.#chainOf(frame.conversation).steps.push({ type, prev, cursor, events })
    } else if (frame.type === "snapshot") {
      const { type, reason, cursor, state } = frame
      this.#chainOf(frame.conversation).steps.push({ type, reason, cursor, messages: state.messages })
    }
  }

  /** What comes from now on is of this subscription. */
  #answered(id: number): void {
    const asked = this.#asked.get(id)
    if (asked) this.#begin(asked.conversation, asked.cursor)
    this.#asked.delete(id)
  }

  #chainOf(conversation: string): Chain {
    return this.#current.get(conversation) ?? this.#begin(conversation, undefined)
  }

  #begin(conversation: string, asked: string | undefined): Chain {
    const chain: Chain = { conversation, asked, steps: [] }
    this.#current.set(conversation, chain)
    this.#chains.push(chain)
    return chain
  }
}
