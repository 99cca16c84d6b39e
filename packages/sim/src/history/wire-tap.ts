/**
 * Hears everything that goes over a device's sockets, before the device does: the device drops what it has already
 * and asks again where something is missing, so from the outside a wrong server may look right.
 */
import type { SocketFactory } from "@everthread/client"
import {
  type DownFrame,
  type DownFrameOf,
  type LeanFrame,
  LeanReader,
  type UpFrame,
  type UpFrameOf,
} from "@everthread/protocol"
import { changeIn, type WhatChanged, wordsOf } from "./change.ts"
import type { Step, WireChain } from "./history.ts"

interface Chain extends WireChain {
  readonly conversation: string
  readonly steps: Step[]
}

type Subscribe = UpFrameOf<"subscribe">

/** What one socket is in the middle of. One that the device has given up may still say something. */
interface Line {
  /** The subscription of each conversation. */
  readonly current: Map<string, Chain>
  readonly asked: Map<number, Subscribe>
  readonly changes: Map<number, WhatChanged>
}

export class WireTap {
  readonly #chains: Chain[] = []
  readonly #times = new Map<string, number>()
  readonly #keys = new Map<string, string>()
  /** The code with which each change was refused for good. */
  readonly #refusedChanges = new Map<string, string>()
  /** How often the store was said to take no writes. */
  refusals = 0

  /** @returns the same sockets, with this one listening. */
  on(open: SocketFactory): SocketFactory {
    return (url, handlers) => {
      const line: Line = { current: new Map(), asked: new Map(), changes: new Map() }
      const reader = new LeanReader()
      const socket = open(url, {
        ...handlers,
        received: (text) => {
          const frame = reader.read(JSON.parse(text) as DownFrame | LeanFrame)
          if (frame) this.#down(line, frame)
          handlers.received(text)
        },
      })
      return {
        send: (text) => {
          this.#up(line, JSON.parse(text) as UpFrame)
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

  /** The key under which a message with this text went out. */
  keyOf(text: string): string | undefined {
    return this.#keys.get(text)
  }

  refusalOf(what: WhatChanged): string | undefined {
    return this.#refusedChanges.get(wordsOf(what))
  }

  #up({ asked, changes }: Line, frame: UpFrame): void {
    if (frame.type === "subscribe") asked.set(frame.id, frame)
    if (frame.type === "send") {
      this.#times.set(frame.text, this.times(frame.text) + 1)
      this.#keys.set(frame.text, frame.key)
    }
    const what = changeIn(frame)
    if (what && "id" in frame) changes.set(frame.id, what)
  }

  #down(line: Line, frame: DownFrame): void {
    if (frame.type === "ok") this.#answered(line, frame.id)
    else if (frame.type === "error") this.#refused(line, frame)
    else if (frame.type === "events") {
      const { type, prev, cursor, events } = frame
      this.#chainOf(line, frame.conversation).steps.push({ type, prev, cursor, events })
    } else if (frame.type === "snapshot") {
      const { type, reason, cursor, state } = frame
      this.#chainOf(line, frame.conversation).steps.push({ type, reason, cursor, messages: state.messages })
    }
  }

  #refused({ changes }: Line, { id, error }: DownFrameOf<"error">): void {
    if (error.code === "read_only") this.refusals += 1
    const what = id === undefined ? undefined : changes.get(id)
    if (what && !error.retryable) this.#refusedChanges.set(wordsOf(what), error.code)
  }

  /** What comes from now on is of this subscription. */
  #answered(line: Line, id: number): void {
    const asked = line.asked.get(id)
    if (asked) this.#begin(line, asked.conversation, asked.cursor)
    line.asked.delete(id)
  }

  #chainOf(line: Line, conversation: string): Chain {
    return line.current.get(conversation) ?? this.#begin(line, conversation, undefined)
  }

  #begin(line: Line, conversation: string, asked: string | undefined): Chain {
    const chain: Chain = { conversation, asked, steps: [] }
    line.current.set(conversation, chain)
    this.#chains.push(chain)
    return chain
  }
}
