/**
 * The simple protocol's session: a (user, device) that may come back, on any node, to where it was.
 *
 *   greeting ──(hello accepted)──▶ open ──▶ closed
 *
 * It lives in the store, is kept alive while the connection is, and remembers how far the device has
 * received each conversation: longer than the session itself, so that a device that was away for a day
 * still gets what it missed. Two connections of one device share it. (SPEC SIM1, SIM2, SIM3)
 */

import type { SessionOpened } from "@everthread/engine"
import { type Cursor, type Seq, seqOf, startCursor } from "@everthread/protocol"
import { refusedByStore } from "../../core/append.ts"
import { type Actor, freshIdChars } from "../../core/core.ts"
import { type Outcome, type Refused, refused } from "../../core/outcome.ts"
import { refuseUnserved } from "../../core/served-agents.ts"
import type { Peer } from "../gateway.ts"
import type { SimpleHello } from "./frames.ts"
import { Received } from "./received.ts"
import { SessionKeeper } from "./session-keeper.ts"

export interface OpenSession {
  readonly actor: Actor
  readonly conversation: string
  /** Who answers the texts of this connection, if not the conversation's own agent. */
  readonly agent: string | undefined
  /** Whether the client wants an answer's parts as they come. */
  readonly streams: boolean
  readonly keeper: SessionKeeper
}

type State = { readonly name: "greeting" } | ({ readonly name: "open" } & OpenSession) | { readonly name: "closed" }

/** Something to be said when a conversation has been delivered up to a place. */
interface Waiting {
  readonly conversation: string
  readonly seq: Seq
  readonly say: () => void
}

export class SimpleSession {
  readonly #peer: Peer
  readonly #send: (frame: object) => void
  readonly #received: Received
  #state: State = { name: "greeting" }
  #admitted: Actor | undefined
  #waiting: Waiting[] = []

  constructor(peer: Peer, send: (frame: object) => void, ping: (payload: string) => void) {
    this.#peer = peer
    this.#send = send
    this.#received = new Received(ping, () => this.#state.name === "open" && this.#state.keeper.news())
  }

  /** `undefined` before a hello was accepted, and after the end. */
  get open(): OpenSession | undefined {
    return this.#state.name === "open" ? this.#state : undefined
  }

  /** Where the next delivery of a conversation begins: a client that keeps this cursor loses nothing. */
  place(conversation: string): Cursor {
    return this.#received.place(conversation) ?? startCursor
  }

  /** One that is refused may be said again, for another conversation above all. */
  async hello(hello: SimpleHello): Promise<Refused | undefined> {
    if (this.#state.name !== "greeting") return refused("hello_repeated")
    const admitted = await this.#admit(hello)
    if (!admitted.ok) return admitted
    const actor = admitted.result
    const conversation = hello.conversation_id ?? `~${actor.user}`
    const entered = await this.#enter(conversation, hello.agent)
    if (!entered.ok) return entered
    const opened = await this.#openSession(actor)
    if (!opened.ok) return opened
    // The connection may have gone meanwhile.
    if (this.#state.name === "greeting") this.#begin(hello, actor, conversation, opened.result, entered.result)
    return undefined
  }

  /** Delivers what the device lacks of a conversation, then what is new. */
  follow(conversation: string): Refused | undefined {
    const subscribed = this.#peer.subscribe(conversation, this.place(conversation))
    if (!subscribed.ok) return subscribed
    subscribed.result.start()
    return undefined
  }

  /** The conversation is not followed any more: what waited for its turn has none. */
  left(conversation: string): void {
    this.#say((waiting) => waiting.conversation === conversation)
  }

  /** Says it when everything before this place has been delivered, so that its cursor may be kept. */
  whenDelivered(conversation: string, seq: Seq, say: () => void): void {
    const isDue = !this.#peer.isSubscribed(conversation) || seqOf(this.place(conversation)) >= seq
    if (isDue) say()
    else this.#waiting.push({ conversation, seq, say })
  }

  /** @param isVisible whether anything was written on the way there. */
  delivered(conversation: string, cursor: Cursor, isVisible: boolean): void {
    this.#received.delivered(conversation, cursor, isVisible)
    const seq = seqOf(cursor)
    this.#say((waiting) => waiting.conversation === conversation && waiting.seq <= seq)
  }

  pong(payload: string): void {
    this.#received.pong(payload)
  }

  closed(): void {
    const { open } = this
    this.#state = { name: "closed" }
    this.#waiting = []
    open?.keeper.stop()
  }

  #say(isDue: (waiting: Waiting) => boolean): void {
    if (this.#waiting.length === 0) return
    const due = this.#waiting.filter(isDue)
    this.#waiting = this.#waiting.filter((waiting) => !isDue(waiting))
    for (const { say } of due) say()
  }

  async #admit({ user_id: user, device_id: device, token }: SimpleHello): Promise<Outcome<Actor>> {
    if (this.#admitted?.user === user && this.#admitted.device === device) return { ok: true, result: this.#admitted }
    const admission = await this.#peer.admit({ user, device, token })
    if (!admission.ok) return admission
    this.#admitted = admission.result.actor
    return { ok: true, result: this.#admitted }
  }

  /** @returns how many messages the conversation has. */
  async #enter(conversation: string, agent: string | undefined): Promise<Outcome<number>> {
    const unserved = await refuseUnserved(agent, this.#peer.core.agents)
    if (unserved) return unserved
    const joined = await this.#peer.run({ type: "join", conversation })
    if (!joined.ok) return joined
    const status = await this.#peer.run({ type: "status", conversation })
    return status.ok ? { ok: true, result: status.result.messageCount } : status
  }

  async #openSession({ user, device }: Actor): Promise<Outcome<SessionOpened>> {
    const { core, limits } = this.#peer
    const freshId = core.random.id(freshIdChars)
    try {
      const opened = await core.engine.sessions.open(user, device, freshId, core.clock.now(), limits.sessionTtlMs)
      return { ok: true, result: opened }
    } catch (error) {
      return refusedByStore(error)
    }
  }

  #begin(hello: SimpleHello, actor: Actor, conversation: string, opened: SessionOpened, messageCount: number): void {
    const { core, limits } = this.#peer
    const keeper = new SessionKeeper(core.clock, limits.sessionTtlMs, () => this.#touch(actor))
    this.#state = { name: "open", actor, conversation, agent: hello.agent, streams: hello.stream === true, keeper }
    this.#received.restore(opened.received)
    // What the client itself says it has seen counts before what its pongs have said.
    if (hello.cursor !== undefined) this.#received.restore(new Map([[conversation, hello.cursor]]))
    this.#greet(this.#state, opened, messageCount)
    this.follow(conversation)
  }

  #greet(
    { actor, conversation }: OpenSession,
    { sessionId, recovered, lastActive }: SessionOpened,
    count: number,
  ): void {
    const { core } = this.#peer
    const now = core.clock.now()
    this.#send({
      type: "system",
      session_id: sessionId,
      recovered,
      user_id: actor.user,
      device_id: actor.device,
      conversation_id: conversation,
      server_id: core.node,
      message_count: count,
      last_active: new Date(lastActive || now).toISOString(),
      cursor: this.place(conversation),
      timestamp: new Date(now).toISOString(),
    })
  }

  /** Not waited for: what is lost of it is delivered once more, under the same name. */
  #touch({ user, device }: Actor): void {
    const { core, limits } = this.#peer
    core.engine.sessions
      .touch(user, device, core.clock.now(), limits.sessionTtlMs, this.#received.takeNews())
      .catch((error: unknown) => core.logger.debug({ err: error }, "a session was not touched"))
  }
}
