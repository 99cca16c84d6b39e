/**
 * The simple protocol's session: a (user, device) that may come back, on any node, to where it was.
 *
 * It lives in the store, is kept alive while the connection is, and remembers how far the device has
 * received each conversation: longer than the session itself, so that a device that was away for a day
 * still gets what it missed. (SPEC SIM1, SIM2, SIM3)
 */

import type { SessionOpened } from "@everthread/engine"
import { type Cursor, type LogEvent, startCursor, type WireError, wireError } from "@everthread/protocol"
import { refusedByStore } from "../../core/append.ts"
import { freshIdChars } from "../../core/core.ts"
import type { Outcome } from "../../core/outcome.ts"
import type { Peer } from "../gateway.ts"
import type { SimpleHello } from "./frames.ts"
import { Received } from "./received.ts"
import { unnamedKeyMark } from "./write.ts"

interface Open {
  readonly user: string
  readonly device: string
  readonly conversation: string
  readonly agent: string | undefined
  readonly sessionId: string
}

/** A session is told that its device lives when this part of its life has gone by. */
const touchesPerLife = 3

export class SimpleSession {
  readonly #peer: Peer
  readonly #send: (frame: object) => void
  readonly #received: Received
  readonly #live = new Set<string>()
  /** Keys of what this connection has sent and has not seen in the log yet. */
  readonly #sent = new Set<string>()
  #admitted: { readonly user: string; readonly device: string } | undefined
  #open: Open | undefined
  #touchedAt = 0
  streams = false

  constructor(peer: Peer, send: (frame: object) => void, ping: (payload: string) => void) {
    this.#peer = peer
    this.#send = send
    this.#received = new Received(ping)
  }

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  get open(): Open {
    if (!this.#open) throw new Error("no hello yet")
    return this.#open
  }

  /** Where the device is in a conversation, as far as its pongs say. */
  place(conversation: string): Cursor | undefined {
    return this.#received.confirmed.get(conversation)
  }

  async hello(hello: SimpleHello): Promise<WireError | undefined> {
    if (this.#open) return wireError("hello_repeated")
    const admitted = await this.#admit(hello)
    if (!admitted.ok) return admitted.error
    const { user, device } = admitted.result
    const conversation = hello.conversation_id ?? `~${user}`
    const joined = await this.#peer.run({ type: "join", conversation, ...(hello.agent ? { agent: hello.agent } : {}) })
    if (!joined.ok) return joined.error
    const status = await this.#peer.run({ type: "status", conversation })
    if (!status.ok) return status.error
    try {
      const session = await this.#openSession(user, device)
      this.#begin(
        hello,
        { user, device, conversation, agent: hello.agent, sessionId: session.sessionId },
        session.received,
      )
      this.#greet(session, status.result.messageCount)
      this.follow(conversation)
    } catch (error) {
      return refusedByStore(error).error
    }
    return undefined
  }

  /** Delivers what the device lacks of a conversation, then what is new. */
  follow(conversation: string): WireError | undefined {
    const subscribed = this.#peer.subscribe(conversation, this.place(conversation) ?? startCursor)
    if (!subscribed.ok) return subscribed.error
    subscribed.result.start()
    return undefined
  }

  left(conversation: string): void {
    this.#live.delete(conversation)
  }

  /** Everything that the conversation held when it was entered has been delivered. */
  live(conversation: string): void {
    this.#live.add(conversation)
  }

  sending(key: string): void {
    this.#sent.add(key)
  }

  notSent(key: string): void {
    this.#sent.delete(key)
  }

  /**
   * Whether an event is what the device itself has sent under a name of its own: the ack is all it gets of
   * that. On another connection of the same device it is only known while the past is replayed.
   */
  isOwn(conversation: string, event: LogEvent): boolean {
    if (event.type !== "message" || !this.#open) return false
    const { user, device } = this.#open
    if (event.by.user !== user || event.by.device !== device || event.key.startsWith(unnamedKeyMark)) return false
    return this.#sent.delete(event.key) || !this.#live.has(conversation)
  }

  delivered(conversation: string, cursor: Cursor): void {
    this.#received.delivered(conversation, cursor)
  }

  pong(payload: string): void {
    const isNews = this.#received.pong(payload)
    const { core, limits } = this.#peer
    if (isNews || core.clock.monotonic() - this.#touchedAt > limits.sessionTtlMs / touchesPerLife) this.#touch()
  }

  closed(): void {
    this.#touch()
  }

  async #admit(hello: SimpleHello): Promise<Outcome<{ user: string; device: string }>> {
    const { user_id: user, device_id: device, token } = hello
    // A hello that named a conversation it may not enter can be said again.
    if (this.#admitted?.user === user && this.#admitted.device === device) return { ok: true, result: this.#admitted }
    const admission = await this.#peer.admit({ user, device, token })
    if (!admission.ok) return admission
    this.#admitted = admission.result.actor
    return { ok: true, result: admission.result.actor }
  }

  async #openSession(user: string, device: string): Promise<SessionOpened> {
    const { core, limits } = this.#peer
    const freshId = core.random.id(freshIdChars)
    return core.engine.sessions.open(user, device, freshId, core.clock.now(), limits.sessionTtlMs)
  }

  /** What the client itself says it has seen counts before what its pongs have said. */
  #begin(hello: SimpleHello, open: Open, received: ReadonlyMap<string, Cursor>): void {
    this.#open = open
    this.streams = hello.stream === true
    this.#received.restore(received)
    if (hello.cursor !== undefined) this.#received.restore(new Map([[open.conversation, hello.cursor]]))
  }

  #greet(session: SessionOpened, messageCount: number): void {
    const { core } = this.#peer
    const { user, device, conversation } = this.open
    const now = core.clock.now()
    this.#send({
      type: "system",
      session_id: session.sessionId,
      recovered: session.recovered,
      user_id: user,
      device_id: device,
      conversation_id: conversation,
      server_id: core.node,
      message_count: messageCount,
      last_active: new Date(session.lastActive || now).toISOString(),
      cursor: this.place(conversation) ?? startCursor,
      timestamp: new Date(now).toISOString(),
    })
  }

  /** Not waited for: what is lost of it is delivered once more, under the same name. */
  #touch(): void {
    if (!this.#open) return
    const { core, limits } = this.#peer
    const { user, device } = this.#open
    this.#touchedAt = core.clock.monotonic()
    core.engine.sessions
      .touch(user, device, core.clock.now(), limits.sessionTtlMs, this.#received.confirmed)
      .catch((error: unknown) => core.logger.debug({ err: error }, "a session was not touched"))
  }
}
