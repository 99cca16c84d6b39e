/**
 * One conversation as a program uses it: a view to show, and everything that can be done in it.
 *
 * Every write resolves when it is stored, however many connections that takes, and is rejected with
 * `RequestError` when the server refuses it for good. Every read is asked again until its deadline.
 */
import type { Clock, Json, MemberEntry, ResultOf, Role, Stored, WhenBusy } from "@everthread/protocol"
import type { ConversationModel, ConversationUpdate } from "./conversation-model.ts"
import type { ConversationView } from "./conversation-view.ts"
import type { Outbox } from "./outbox.ts"
import type { Requests } from "./requests.ts"
import { OwnTyping } from "./typing.ts"

export interface SendOptions {
  /** The agent that shall answer; without one, the conversation's own, if it has one. */
  readonly agent?: string
  /** The message this answers, by its id. */
  readonly replyTo?: string
  /** What is to become of it where the agent is busy; without it, what the conversation says. */
  readonly whenBusy?: WhenBusy
  /** Its idempotency key, where the program has an id of its own for the message: sent twice under one key it is one message. */
  readonly key?: string
}

/** What is named is changed. */
export interface ConversationChanges {
  readonly title?: string
  /** The agent that answers every message that names no other. */
  readonly agent?: string
  /** What becomes of messages to a busy agent, where they do not say it themselves. */
  readonly whenBusy?: WhenBusy
}

export interface HistoryOptions {
  /** Only messages with a smaller seq. */
  readonly before?: number
  readonly limit?: number
}

export interface CheckpointsOptions {
  /** Whose; without it, the conversation's own agent's. */
  readonly agent?: string
  /** Only those older than this one. */
  readonly before?: string
  readonly limit?: number
}

export interface ForkOptions {
  /** Where to fork, by its id; without it, where the conversation is now. */
  readonly checkpoint?: string
  /** Whose thread comes along; without it, the conversation's own agent's. */
  readonly agent?: string
  /** Without it, the title of this one. */
  readonly title?: string
  /** Members beside whoever forks, who becomes the owner. */
  readonly members?: readonly string[]
}

export interface ConversationOptions {
  readonly id: string
  readonly clock: Clock
  readonly model: ConversationModel
  readonly outbox: Outbox
  readonly requests: Requests
  sendTyping(on: boolean): void
  closed(): void
}

export class Conversation {
  readonly id: string
  readonly #options: ConversationOptions
  readonly #model: ConversationModel
  readonly #typing: OwnTyping
  #isClosed = false

  /** @internal `client.conversation(id)` makes them. */
  constructor(options: ConversationOptions) {
    this.id = options.id
    this.#options = options
    this.#model = options.model
    this.#typing = new OwnTyping(options.clock, options.sendTyping)
  }

  /** What to show: immutable, and the same object for as long as nothing has changed. */
  readonly snapshot = (): ConversationView => this.#model.snapshot()

  /** Calls `listener` after each change of `snapshot()`. @returns stops it. */
  readonly subscribe = (listener: () => void): (() => void) => this.#model.subscribe(listener)

  /**
   * Every change of the log from now on, in order: the frames and snapshots as they were applied.
   * @throws ReaderTooSlow in the reader that falls too far behind; it may go on from `snapshot()`.
   */
  events(): AsyncIterableIterator<ConversationUpdate> {
    return this.#model.updates()
  }

  /** With `whenBusy: "reject"` it may be refused with `busy`: then it is a failed message, which `retry` sends again. */
  send(text: string, { key, agent, replyTo, whenBusy }: SendOptions = {}): Promise<Stored> {
    this.typing(false)
    const write = {
      type: "send" as const,
      conversation: this.id,
      text,
      ...(agent === undefined ? {} : { agent }),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(whenBusy === undefined ? {} : { whenBusy }),
    }
    return this.#options.outbox.add(write, key)
  }

  /** Sends a failed message again, by its key in `pending`. */
  retry(key: string): void {
    this.#options.outbox.retry(this.id, key)
  }

  /** Forgets a failed message. */
  discard(key: string): void {
    this.#options.outbox.discard(this.id, key)
  }

  edit(message: string, text: string): Promise<Stored> {
    return this.#options.outbox.add({ type: "edit", conversation: this.id, message, text })
  }

  /** Takes the text of a message back, for everybody and for good. */
  redact(message: string): Promise<Stored> {
    return this.#options.outbox.add({ type: "redact", conversation: this.id, message })
  }

  react(message: string, reaction: string, on = true): Promise<Stored> {
    return this.#options.outbox.add({ type: "react", conversation: this.id, message, reaction, on })
  }

  /** @param upTo a seq; without one, everything that is here. */
  markRead(upTo: number = this.snapshot().state.seq): Promise<Stored> {
    return this.#options.outbox.add({ type: "read", conversation: this.id, upTo })
  }

  /** Stops a run; without one named, every run that has not ended. */
  stop(run?: string): Promise<Stored> {
    const named = run === undefined ? {} : { run }
    return this.#options.outbox.add({ type: "stop", conversation: this.id, ...named })
  }

  /** Takes a run out of the queue: it ends without waiting for the one under way. */
  cancel(run: string): Promise<Stored> {
    return this.stop(run)
  }

  /** Has a run of the queue be the next one. */
  promote(run: string): Promise<Stored> {
    return this.#options.outbox.add({ type: "promote", conversation: this.id, run })
  }

  /**
   * Has the agent answer anew: what this run, the agent's last, has said is taken back on every device, and another one
   * answers the same message as it is now. @returns the new run's id as `ref`.
   */
  regenerate(run: string): Promise<Stored> {
    return this.#options.outbox.add({ type: "regenerate", conversation: this.id, run })
  }

  /** Changes the conversation itself; only its owners may. */
  update({ title, agent, whenBusy }: ConversationChanges): Promise<Stored> {
    return this.#options.outbox.add({
      type: "conversation.update",
      conversation: this.id,
      ...(title === undefined ? {} : { title }),
      ...(agent === undefined ? {} : { agent }),
      ...(whenBusy === undefined ? {} : { whenBusy }),
    })
  }

  /** Answers an interrupt. Only the first answer counts: a later one is refused with `already_answered`. */
  respond(interrupt: string, value: Json): Promise<Stored> {
    return this.#options.outbox.add({ type: "respond", conversation: this.id, interrupt, value })
  }

  /** Tell it of every keystroke: it sends few of them, and ends by itself. */
  typing(on: boolean): void {
    this.#typing.set(on)
  }

  /** Brings an older page into `snapshot().messages`. @returns whether there are older ones still. */
  loadOlder(limit?: number): Promise<boolean> {
    return this.#model.loadOlder(limit)
  }

  /** A page of messages, oldest first, that does not go into the view. */
  history({ before, limit }: HistoryOptions = {}): Promise<ResultOf<"history">> {
    return this.#options.requests.read<"history">({
      type: "history",
      conversation: this.id,
      ...(before === undefined ? {} : { before }),
      ...(limit === undefined ? {} : { limit }),
    })
  }

  /** A page of the checkpoints of an agent's thread, newest first. */
  checkpoints(options: CheckpointsOptions = {}): Promise<ResultOf<"checkpoints">> {
    return this.#options.requests.read<"checkpoints">({ type: "checkpoints", conversation: this.id, ...options })
  }

  /** The graph's state at one checkpoint, as JSON. */
  checkpoint(checkpoint: string, options: Pick<CheckpointsOptions, "agent"> = {}): Promise<ResultOf<"checkpoint">> {
    const frame = { type: "checkpoint", conversation: this.id, checkpoint, ...options } as const
    return this.#options.requests.read<"checkpoint">(frame)
  }

  /** Makes a conversation that begins as this one was at a checkpoint. @returns its first place, and so its id. */
  fork({ members, ...options }: ForkOptions = {}): Promise<Stored> {
    const named = members === undefined ? {} : { members: [...members] }
    return this.#options.outbox.add({ type: "fork", conversation: this.id, ...options, ...named })
  }

  /** Everybody who belongs to it, with the devices that are here. */
  async members(): Promise<readonly MemberEntry[]> {
    const { members } = await this.#options.requests.read<"members">({ type: "members", conversation: this.id })
    return members
  }

  addMember(user: string, role?: Role): Promise<Stored> {
    const as = role === undefined ? {} : { role }
    return this.#options.outbox.add({ type: "member.add", conversation: this.id, user, ...as })
  }

  /** Removes a member; oneself, to leave. */
  removeMember(user: string): Promise<Stored> {
    return this.#options.outbox.add({ type: "member.remove", conversation: this.id, user })
  }

  /** Follows it no more. What was written is still sent. */
  close(): void {
    // A second time would end what somebody else has begun to follow under the same id.
    if (this.#isClosed) return
    this.#isClosed = true
    this.#typing.set(false)
    this.#model.close()
    this.#options.requests.ask<"unsubscribe">({ type: "unsubscribe", conversation: this.id }).catch(() => {})
    this.#options.closed()
  }

  /** @internal The connection is gone. */
  lost(): void {
    this.#typing.lost()
    this.#model.lost()
  }
}
