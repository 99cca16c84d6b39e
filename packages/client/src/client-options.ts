/** What a client, a new conversation and a list of conversations can be told. */
import type { Clock, Random, WhenBusy } from "@everthread/protocol"
import type { OutboxStore } from "./outbox-store.ts"
import type { SocketFactory } from "./socket.ts"
import type { TokenOption } from "./token.ts"

export interface ClientOptions {
  /** `ws://host:port/v1` */
  readonly url: string
  /** Who is speaking, where authentication is off; where it is on, the token says it. */
  readonly user?: string
  /** A JWT, or how to get one each time one is needed. */
  readonly token?: TokenOption
  /** Which of the user's devices this is: keep it, so that it is known again. */
  readonly device: string
  /** Where writes survive the program; without one, in memory. */
  readonly outbox?: OutboxStore
  readonly clock?: Clock
  readonly random?: Random
  /** How to open a socket; without it, the platform's own WebSocket. */
  readonly socket?: SocketFactory
}

export interface CreateOptions {
  /** Its id; without one the server makes one up. */
  readonly conversation?: string
  readonly title?: string
  /** The agent that answers every message that names no other. */
  readonly agent?: string
  /** Members beside the creator, who becomes the owner. */
  readonly members?: readonly string[]
  /** What becomes of messages to a busy agent, where they do not say it themselves; without it they wait their turn. */
  readonly whenBusy?: WhenBusy
}

export interface ListOptions {
  /** How many of those that are there at first are followed; of all others the list knows the title alone. */
  readonly followedMax?: number
}
