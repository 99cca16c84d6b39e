/**
 * One connection of an AI SDK client: its frames to the core's commands, the log of each chat to its response streams.
 *
 * Every frame carries a request's id, and everything that is said carries it back: an error ends one request, never the
 * connection, unless it is about who this is. A connection that is lost stops nothing. (SPEC AIS3, AIS5)
 */
import {
  type CloseCode,
  type ConversationState,
  type Cursor,
  closeCodeOf,
  type SnapshotReason,
  type WireError,
  wireError,
} from "@everthread/protocol"
import { RunStream, Stops } from "@everthread/protocol/ai-sdk"
import { freshIdChars } from "../../core/core.ts"
import type { LogFrame } from "../../core/log-frame.ts"
import { done, type Outcome, type Refused } from "../../core/outcome.ts"
import type { Claim, Dialect, Opening, Peer } from "../gateway.ts"
import { visit } from "../stock/entrance.ts"
import { guarded } from "../stock/guarded.ts"
import { type ThreadPort, threadPort } from "../stock/thread-port.ts"
import { submit } from "./commands/submit.ts"
import { FollowedChat } from "./followed-chat.ts"
import { type ResumeFrame, readClientFrame, type SendFrame } from "./frames/client-frame.ts"
import { errorFrame, plainFrame } from "./frames/server-frame.ts"
import { claimOfFrame, claimOfOpening, tokenOfFrame } from "./identity.ts"

/** Requests of one connection that are open at a time: a page with a panel for each of many chats has some dozens. */
const requestsMax = 64

interface Open {
  readonly chat: string
  readonly isResumed: boolean
}

type Port = (chat: string) => ThreadPort

export class AiSdkDialect implements Dialect {
  readonly stateful = true
  readonly #peer: Peer
  readonly #opening: Opening
  readonly #chats = new Map<string, FollowedChat>()
  readonly #requests = new Map<string, Open>()
  readonly #stops: Stops
  /** Resolves when it is known who this is; to nothing: they were let go. Without it, the first frame has to say. */
  #admitted: Promise<Port | undefined> | undefined
  #token: string | undefined

  constructor(peer: Peer, opening: Opening) {
    this.#peer = peer
    this.#opening = opening
    this.#stops = new Stops(peer.core.clock, (chat, run) => this.#stop(chat, run))
    const claim = claimOfOpening(opening, peer.core.authRequired)
    if (!claim.ok || claim.result) this.#admitted = this.#admit(claim as Outcome<Claim>)
  }

  async receive(text: string): Promise<void> {
    const read = readClientFrame(text)
    if (!read.ok) return this.#fail(read.requestId, read.error)
    const { frame } = read
    if (frame.type === "abort") return this.#abort(frame.requestId)
    const port = await this.#portFor(frame)
    if (!port) return
    const outcome = await guarded(this.#peer.core, () => this.#handle(port(frame.id), frame))
    if (!outcome.ok) this.#fail(frame.requestId, outcome.error)
  }

  pong(): void {}

  error(error: WireError): Uint8Array {
    return errorFrame("", error)
  }

  closed(): void {
    this.#chats.clear()
    this.#requests.clear()
  }

  deliver(conversation: string, frame: LogFrame): void {
    this.#chats.get(conversation)?.deliver(frame)
  }

  snapshot(conversation: string, _reason: SnapshotReason, cursor: Cursor, stateJson: string): void {
    this.#chats.get(conversation)?.snapshot(cursor, JSON.parse(stateJson) as ConversationState)
  }

  upToDate(conversation: string): void {
    this.#chats.get(conversation)?.upToDate()
  }

  ephemeral(): void {}

  /** The other chats of the connection go on. */
  unsubscribed(conversation: string, error: WireError): void {
    this.#peer.core.meter.errorSent(error.code)
    this.#chats.get(conversation)?.fail(error)
  }

  // Who it is.

  async #portFor({ requestId, headers }: SendFrame | ResumeFrame): Promise<Port | undefined> {
    const token = this.#peer.core.authRequired ? tokenOfFrame(headers) : undefined
    if (this.#admitted) {
      const port = await this.#admitted
      return port && (await this.#renewed(requestId, token)) ? port : undefined
    }
    this.#token = token
    this.#admitted = this.#admit(claimOfFrame(this.#opening, token))
    return this.#admitted
  }

  async #admit(claim: Outcome<Claim>): Promise<Port | undefined> {
    const { core } = this.#peer
    const admission = claim.ok ? await this.#peer.admit(claim.result) : claim
    if (admission.ok) return (chat) => threadPort(core, admission.result.actor, chat)
    // Not in the step in which the connection is being made.
    await Promise.resolve()
    this.#refuse(admission)
    return undefined
  }

  async #renewed(requestId: string, token: string | undefined): Promise<boolean> {
    if (token === undefined || token === this.#token) return true
    const renewed = await this.#peer.renew(token)
    if (renewed.ok) this.#token = token
    else this.#fail(requestId, renewed.error)
    return renewed.ok
  }

  #refuse({ error, close }: Refused): void {
    this.#fail("", error)
    const code: CloseCode = close ?? closeCodeOf[error.code] ?? 4400
    this.#peer.close(code, error.code)
  }

  // What it asks for.

  async #handle(port: ThreadPort, frame: SendFrame | ResumeFrame): Promise<Outcome<true>> {
    const { requestId, id: chat } = frame
    if (this.#requests.has(requestId)) return inUse()
    if (this.#requests.size >= requestsMax) return tooMany()
    if (frame.type === "resume") return this.#resume(port, requestId)
    const wanted = await submit(port, frame)
    if (!wanted.ok) return wanted
    this.#open(requestId, chat, new RunStream(wanted.result), false)
    return done(true)
  }

  async #resume(port: ThreadPort, requestId: string): Promise<Outcome<true>> {
    const chat = port.thread
    this.#stops.forget(chat)
    const visited = await visit(port)
    if (!visited.ok) return visited
    if (visited.result) this.#open(requestId, chat, new RunStream({ kind: "current" }), true)
    else this.#peer.send(plainFrame("no-active", requestId))
    return done(true)
  }

  #open(requestId: string, chat: string, stream: RunStream, isResumed: boolean): void {
    this.#requests.set(requestId, { chat, isResumed })
    const followed = this.#chats.get(chat) ?? this.#chatOf(chat)
    followed.add(requestId, stream, isResumed)
  }

  #chatOf(chat: string): FollowedChat {
    const followed: FollowedChat = new FollowedChat({
      send: (bytes) => this.#peer.send(bytes),
      follow: () => {
        const subscribed = this.#peer.subscribe(chat, undefined)
        if (subscribed.ok) subscribed.result.start()
        else followed.fail(subscribed.error)
      },
      unfollow: () => this.#peer.unsubscribe(chat),
      stop: (run) => void this.#stop(chat, run),
      over: (requestId) => this.#requests.delete(requestId),
      idle: () => this.#chats.delete(chat),
    })
    this.#chats.set(chat, followed)
    return followed
  }

  /** A request that is over, or never was one here, is left alone: the client says it of any stream that it lets go of. */
  #abort(requestId: string): void {
    const open = this.#requests.get(requestId)
    const run = open && this.#chats.get(open.chat)?.abort(requestId)
    if (!open || run === undefined) return
    if (open.isResumed) this.#stops.soon(open.chat, run)
    else void this.#stop(open.chat, run)
  }

  async #stop(chat: string, run: string): Promise<void> {
    const port = await this.#admitted
    if (!port) return
    const { core } = this.#peer
    const key = core.random.id(freshIdChars)
    const stopped = await guarded(core, () => port(chat).run({ type: "stop", conversation: chat, key, run }))
    // A run that ended a moment ago is as stopped as can be, and the client waits for no answer.
    if (!stopped.ok) core.logger.debug({ err: stopped.error, conversation: chat }, "a run was not stopped")
  }

  #fail(requestId: string, error: WireError): void {
    this.#peer.core.meter.errorSent(error.code)
    this.#peer.send(errorFrame(requestId, error))
  }
}

function inUse(): Refused {
  const message = "requestId: a request of this id is open on this connection; give each an id of its own"
  return { ok: false, error: wireError("invalid_field", { field: "requestId", message }) }
}

function tooMany(): Refused {
  const message = `One connection may have at most ${requestsMax} requests open; let one end first.`
  return { ok: false, error: wireError("limit_reached", { limit: requestsMax, message }) }
}
