/**
 * One socket from its first frame to its last: who it is, what it follows, what waits for it.
 *
 *   greeting ──(hello accepted)──▶ open ──▶ closed
 *       └──────────(deadline, refusal, loss)──▶┘
 *
 * It owns no protocol: frames go to its dialect, which runs commands through it. It is the only place
 * that closes a socket.
 */
import { type CloseCode, closeCodeOf, type WireError, wireError } from "@everthread/protocol"
import type { Authenticator } from "../auth/index.ts"
import type { Admission as Asked } from "../core/admission.ts"
import type { CommandOf, CommandResult, CommandType } from "../core/command.ts"
import type { Actor, Core } from "../core/core.ts"
import { execute } from "../core/dispatch.ts"
import type { Encoder, LogFrame } from "../core/log-frame.ts"
import { done, type Outcome, refused } from "../core/outcome.ts"
import type { Admission, Claim, Dialect, Gateway, Opening, Peer, PeerLimits } from "../gateways/gateway.ts"
import { Following } from "./following.ts"
import { Inbox, type InboxOwner } from "./inbox.ts"
import { Liveness } from "./liveness.ts"
import { Outbox, type OutboxBounds, type OutboxOwner } from "./outbox.ts"
import type { Socket, SocketEvents } from "./socket.ts"
import type { Tick } from "./tick.ts"
import { TokenExpiry } from "./token-expiry.ts"
import type { MeasuredConnection, Traffic } from "./traffic.ts"
import { tooMany, verifyClaim } from "./verify-claim.ts"
import { pingFrame } from "./ws-frame.ts"

export interface ConnectionOptions {
  readonly id: string
  readonly core: Core
  readonly socket: Socket
  readonly gateway: Gateway
  readonly opening: Opening
  readonly authenticator: Authenticator
  readonly tick: Tick
  readonly limits: ConnectionLimits
  readonly registry: Registry
}

export interface ConnectionLimits extends PeerLimits, OutboxBounds {
  readonly subscriptionsMax: number
  readonly connectionsPerUserMax: number
  readonly assemblyMs: number
}

/** Whoever keeps all connections of the node. */
export interface Registry {
  /** How many connections the user has. */
  connectionsOf(user: string): number
  /** The connection has said who it is. */
  admitted(connection: Connection, user: string): void
  closed(connection: Connection, user: string | undefined): void
}

/** What a peer may send before it is known who it is: a hello with its token, and a few requests behind it. */
export const helloBytesMax = 65_536

type State =
  | { readonly name: "greeting" }
  | { readonly name: "open"; readonly actor: Actor; readonly following: Following }
  | { readonly name: "closed" }

export class Connection implements Peer, SocketEvents, InboxOwner, OutboxOwner, MeasuredConnection {
  readonly id: string
  readonly core: Core
  readonly limits: ConnectionLimits
  readonly #options: ConnectionOptions
  readonly #socket: Socket
  readonly #outbox: Outbox
  readonly #inbox: Inbox
  readonly #liveness: Liveness
  readonly #expiry: TokenExpiry
  readonly #dialect: Dialect
  #state: State = { name: "greeting" }
  #framesReceived = 0

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.core = options.core
    this.limits = options.limits
    this.#options = options
    this.#socket = options.socket
    this.#liveness = new Liveness(options.socket, options.core.clock)
    this.#expiry = new TokenExpiry(options.core.clock, () => {
      this.#refuse(wireError("unauthorized", { message: "The token has expired; come back with a new one." }))
    })
    this.#outbox = new Outbox(options.socket, options.tick, options.limits, this)
    this.#inbox = new Inbox(options.socket, this)
    this.#dialect = options.gateway.open(this, options.opening)
  }

  get isGreeting(): boolean {
    return this.#state.name === "greeting"
  }

  // What it is asked by whoever measures.

  get gateway(): string {
    return this.#options.gateway.name
  }

  get traffic(): Traffic {
    const { framesSent, bytesSent } = this.#outbox
    return { framesSent, bytesSent, framesReceived: this.#framesReceived, bytesReceived: this.#socket.receivedBytes }
  }

  get subscriptions(): number {
    return this.#state.name === "open" ? this.#state.following.size : 0
  }

  get waitingBytes(): number {
    return this.#outbox.waitingBytes
  }

  // What the socket tells.

  text(text: string): void {
    this.#framesReceived++
    this.#liveness.heardMessage()
    if (this.#state.name !== "closed") this.#inbox.push(text)
  }

  binary(): void {
    this.#refuse(wireError("bad_frame", { message: "This protocol is JSON text; a binary frame means nothing in it." }))
  }

  ping(bytes: number): void {
    this.#liveness.heardControl(bytes)
  }

  pong(payload: string, bytes: number): void {
    this.#liveness.heardControl(bytes)
    if (this.#state.name === "open") this.#dialect.pong(payload)
  }

  drained(): void {
    this.#outbox.drained()
  }

  broken(message: string): void {
    this.#refuse(wireError("bad_frame", { message }))
  }

  tooLarge(): void {
    const limit = this.isGreeting ? helloBytesMax : this.limits.frameBytesMax
    const what = this.isGreeting ? "What comes before the server's welcome" : "A frame"
    this.#refuse(wireError("frame_too_large", { limit, message: `${what} may have at most ${limit} bytes.` }))
  }

  closed(): void {
    if (this.#state.name !== "closed") this.#end()
  }

  // What the directory tells.

  membership(conversation: string | undefined): void {
    if (this.#state.name === "open") this.#dialect.membership?.(conversation)
  }

  // What its inbox and its outbox tell.

  async handle(text: string): Promise<void> {
    if (this.#state.name === "closed") return
    try {
      await this.#dialect.receive(text)
    } catch (error) {
      this.core.logger.error({ err: error, connection: this.id }, "a frame could not be handled")
      this.#refuse(wireError("internal"))
    }
  }

  overflowed(): void {
    this.core.meter.slowConsumer()
    this.#fail(wireError("slow_consumer"))
  }

  // What time tells.

  /** Pings, or lets go of a peer that has been silent too long. */
  heartbeat(): void {
    if (this.#liveness.silentMs() > 3 * this.limits.heartbeatMs) return this.#fail(wireError("idle_timeout"))
    this.#outbox.send(pingFrame(""))
  }

  /** Lets go of a peer that has begun a message and does not end it. */
  checkAssembly(): void {
    if (this.#liveness.assemblingMs() > this.limits.assemblyMs) {
      this.#refuse(wireError("bad_frame", { message: "A message was begun and not finished in time." }))
    }
  }

  helloTimeout(): void {
    if (this.isGreeting) this.#refuse(wireError("hello_timeout"))
  }

  /** The node is leaving. */
  drain(): void {
    this.#fail(wireError("draining"))
  }

  // What the dialect asks for.

  async admit(claim: Claim): Promise<Outcome<Admission>> {
    if (this.#state.name !== "greeting") return refused("hello_repeated")
    const verified = await verifyClaim(this.#options.authenticator, claim)
    if (!verified.ok) return verified
    const { actor, expiresAt } = verified.result
    if (this.#state.name !== "greeting") return refused("unavailable")
    const { registry } = this.#options
    if (registry.connectionsOf(actor.user) >= this.limits.connectionsPerUserMax)
      return tooMany(this.limits.connectionsPerUserMax)
    const following = new Following(this.core, actor, this.#dialect, this.#outbox, this.limits.subscriptionsMax)
    this.#state = { name: "open", actor, following }
    this.#expiry.set(expiresAt)
    registry.admitted(this, actor.user)
    return verified
  }

  run<T extends CommandType>(command: CommandOf<T>): Promise<Outcome<CommandResult<T>>> {
    if (this.#state.name !== "open") return Promise.resolve(refused("hello_required"))
    return execute({ core: this.core, actor: this.#state.actor, connection: this }, command)
  }

  subscribe(conversation: string, cursor: string | undefined, asked?: Asked): Outcome<{ start: () => void }> {
    if (this.#state.name !== "open") return refused("hello_required")
    return this.#state.following.open(conversation, cursor, asked)
  }

  unsubscribe(conversation: string): boolean {
    return this.#state.name === "open" && this.#state.following.close(conversation)
  }

  isSubscribed(conversation: string): boolean {
    return this.#state.name === "open" && this.#state.following.has(conversation)
  }

  async renew(token: string): Promise<Outcome<{ expiresAt?: number }>> {
    if (this.#state.name !== "open") return refused("hello_required")
    const { user, device } = this.#state.actor
    const verified = await verifyClaim(this.#options.authenticator, { user, device, token })
    if (!verified.ok) return verified
    const { expiresAt } = verified.result
    // It may have closed meanwhile.
    if (this.#state.name === "open") this.#expiry.set(expiresAt)
    return done(expiresAt === undefined ? {} : { expiresAt })
  }

  send(bytes: Uint8Array): void {
    this.#outbox.send(bytes)
  }

  sendFrame(conversation: string, frame: LogFrame, encoder: Encoder, short?: Encoder): void {
    this.#outbox.sendFrame(conversation, frame, encoder, short)
  }

  ready(): Promise<void> | undefined {
    return this.#outbox.ready()
  }

  close(code: CloseCode | 1000, reason: string): void {
    if (this.#state.name === "closed") return
    this.#outbox.flush()
    this.#socket.close(code, reason)
    this.#end()
  }

  // How it ends.

  /** Says what is wrong in the peer's protocol, then closes. */
  #refuse(error: WireError): void {
    if (this.#state.name === "closed") return
    this.core.meter.errorSent(error.code)
    this.#outbox.send(this.#dialect.error(error))
    this.#fail(error)
  }

  #fail(error: WireError): void {
    this.close(closeCodeOf[error.code] ?? 4500, error.code)
  }

  #end(): void {
    const state = this.#state
    this.#state = { name: "closed" }
    this.#expiry.stop()
    if (state.name === "open") state.following.closeAll()
    this.#dialect.closed()
    this.#outbox.close()
    this.#options.registry.closed(this, state.name === "open" ? state.actor.user : undefined)
  }
}
