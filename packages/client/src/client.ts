/**
 * The client: one connection, one outbox, many conversations.
 *
 * It only wires. What is lost and found again with a connection hears of it here, in an order that
 * matters: conversations first, so that a device catches up before it hears its own acks.
 */
import {
  type Clock,
  type ConversationEntry,
  type DownFrame,
  type DownFrameOf,
  type DownFrameType,
  limits,
  type Random,
  type Stored,
  systemClock,
  systemRandom,
} from "@everthread/protocol"
import type { ClientOptions, CreateOptions, ListOptions } from "./client-options.ts"
import { Connection } from "./connection.ts"
import type { ConnectionState, Welcome } from "./connection-state.ts"
import type { Conversation } from "./conversation.ts"
import { ConversationList } from "./conversation-list.ts"
import { ClientClosed } from "./errors.ts"
import { Followed } from "./followed.ts"
import { Outbox } from "./outbox.ts"
import { memoryOutboxStore } from "./outbox-store.ts"
import { Requests } from "./requests.ts"
import { platformSocket } from "./socket.ts"
import { TokenRefresh, tokenSource } from "./token.ts"

type Dispatch = { readonly [T in DownFrameType]: (frame: DownFrameOf<T>) => void }

export class Client {
  readonly device: string
  readonly #clock: Clock
  readonly #random: Random
  readonly #connection: Connection
  readonly #requests: Requests
  readonly #outbox: Outbox
  readonly #refresh: TokenRefresh
  readonly #followed: Followed
  readonly #listeners = new Set<(state: ConnectionState) => void>()
  readonly #memberships = new Set<(conversation: string | undefined) => void>()
  #user: string | undefined
  #lastId = 0

  /** @internal `createClient` makes them. */
  constructor(options: ClientOptions) {
    this.device = options.device
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? systemRandom
    const source = tokenSource(options.token)
    const runtime = { clock: this.#clock, random: this.#random }
    const nextId = () => ++this.#lastId
    this.#requests = new Requests({ clock: this.#clock, nextId, send: (frame) => this.#connection.send(frame) })
    this.#outbox = new Outbox({
      ...runtime,
      store: options.outbox ?? memoryOutboxStore(),
      frameBytesMax: () => this.#welcome()?.limits.frameBytesMax ?? limits.frameBytesMax,
      transmit: (frame) => this.#requests.ask(frame),
      changed: (conversation) => this.#followed.changed(conversation ?? ""),
    })
    this.#followed = new Followed({
      ...runtime,
      device: this.device,
      outbox: this.#outbox,
      requests: this.#requests,
      connection: () => this.#connection.state,
      user: () => this.#user,
      sendTyping: (conversation, on) => void this.#connection.send({ type: "typing", conversation, on }),
    })
    this.#refresh = new TokenRefresh({
      ...runtime,
      source,
      submit: (token) => this.#requests.ask<"token">({ type: "token", token }),
    })
    this.#connection = new Connection({
      ...runtime,
      url: options.url,
      device: options.device,
      ...(options.user === undefined ? {} : { user: options.user }),
      token: source,
      socket: options.socket ?? platformSocket,
      nextId,
      received: (frame) => this.#received(frame),
      changed: (state, before) => this.#changed(state, before),
    })
  }

  /** @internal Takes up what an earlier life left in the outbox, then connects. */
  async start(): Promise<void> {
    await this.#outbox.restore()
    this.#connection.wake()
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  /** Calls `listener` after each change of `state`. @returns stops it. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @returns what the server said in its welcome, as soon as there is one. */
  ready(): Promise<Welcome> {
    return new Promise((resolve, reject) => {
      const look = (state: ConnectionState) => {
        if (state.name !== "open" && state.name !== "closed") return
        stop()
        if (state.name === "open") resolve(state.welcome)
        else reject(new ClientClosed(state.reason))
      }
      const stop = this.onState(look)
      look(this.state)
    })
  }

  /** @internal What the hooks measure their grace with. */
  get clock(): Clock {
    return this.#clock
  }

  /** The conversation of this id, if it is followed already. */
  followed(id: string): Conversation | undefined {
    return this.#followed.get(id)
  }

  /** @internal Follows it again, if the server had said no: something has changed. */
  reopen(id: string): void {
    this.#followed.reopen(id)
  }

  /** Follows a conversation. The same id gives the same object until that is closed. */
  conversation(id: string): Conversation {
    return this.#followed.follow(id)
  }

  async create({ conversation, title, agent, members, whenBusy }: CreateOptions = {}): Promise<Stored> {
    const stored = await this.#outbox.add({
      type: "create",
      ...(conversation === undefined ? {} : { conversation }),
      ...(title === undefined ? {} : { title }),
      ...(agent === undefined ? {} : { agent }),
      ...(members === undefined ? {} : { members: [...members] }),
      ...(whenBusy === undefined ? {} : { whenBusy }),
    })
    // Whoever followed it before it was there was told no.
    this.#followed.reopen(stored.conversation)
    return stored
  }

  /** Becomes a member of a conversation, where the server allows that to whoever asks. */
  async join(conversation: string): Promise<Stored> {
    const { user } = await this.ready()
    const stored = await this.#outbox.add({ type: "member.add", conversation, user })
    this.#followed.reopen(conversation)
    return stored
  }

  /** Who is speaking, as the server's last welcome said. */
  get user(): string | undefined {
    return this.#user
  }

  /**
   * Calls `listener` when the user became a member of a conversation, is none any more, or has another role there;
   * without a conversation: it may have been any. @returns stops it.
   */
  onMembership(listener: (conversation: string | undefined) => void): () => void {
    const own = (conversation: string | undefined) => listener(conversation)
    this.#memberships.add(own)
    return () => this.#memberships.delete(own)
  }

  /** The user's conversations as a list that keeps itself up to date, with what is new in each. Each call makes one. */
  list({ followedMax }: ListOptions = {}): ConversationList {
    const most = followedMax === undefined ? {} : { followedMax }
    return new ConversationList({ client: this, clock: this.#clock, random: this.#random, ...most })
  }

  /** The conversations that the user is a member of, as they are now. */
  async conversations(): Promise<readonly ConversationEntry[]> {
    const { conversations } = await this.#requests.read<"conversations">({ type: "conversations" })
    return conversations
  }

  /** Tries again at once; on an open connection, asks whether it still lives. For `online` and `visibilitychange`. */
  wake(): void {
    this.#connection.wake()
  }

  /**
   * For `offline`: the network is said to be gone. Until the server answers, an open connection is doubted and its
   * conversations are shown as offline; it is not closed, because it may work after all.
   */
  doubt(): void {
    this.#connection.doubt()
  }

  /** Cuts the connection, as a network would. It comes back by itself. */
  drop(): void {
    this.#connection.drop("cut by hand")
  }

  close(): void {
    this.#connection.close("closed by the client")
  }

  readonly #dispatch: Dispatch = {
    welcome: () => {},
    ok: (frame) => this.#requests.settle(frame),
    error: (frame) => this.#requests.settle(frame),
    events: (frame) => this.#followed.received(frame),
    snapshot: (frame) => this.#followed.received(frame),
    upToDate: (frame) => this.#followed.received(frame),
    unsubscribed: (frame) => this.#followed.received(frame),
    typing: (frame) => this.#followed.received(frame),
    presence: (frame) => this.#followed.received(frame),
    unheard: (frame) => this.#followed.received(frame),
    queue: (frame) => this.#followed.received(frame),
    membership: ({ conversation }) => {
      for (const listener of [...this.#memberships]) listener(conversation)
    },
  }

  #received(frame: DownFrame): void {
    // A newer server may send types that this client does not know.
    if (!Object.hasOwn(this.#dispatch, frame.type)) return
    const dispatch = this.#dispatch[frame.type] as (frame: DownFrame) => void
    dispatch(frame)
  }

  #changed(state: ConnectionState, before: ConnectionState): void {
    if (before.name === "open" && state.name !== "open") this.#lost()
    if (before.name !== "open" && state.name === "open") this.#opened()
    if (state.name === "closed") this.#closed(state.reason)
    this.#followed.allChanged()
    for (const listener of [...this.#listeners]) listener(state)
  }

  #opened(): void {
    this.#user = this.#welcome()?.user ?? this.#user
    this.#refresh.start(this.#connection.token)
    this.#followed.opened()
    this.#requests.opened()
    this.#outbox.opened()
  }

  #lost(): void {
    this.#refresh.stop()
    this.#outbox.lost()
    this.#requests.lost()
    this.#followed.lost()
  }

  #closed(reason: string): void {
    const error = new ClientClosed(`The client is closed: ${reason}`)
    this.#outbox.close(error)
    this.#requests.close(error)
    this.#followed.close()
  }

  #welcome(): Welcome | undefined {
    return this.state.name === "open" ? this.state.welcome : undefined
  }
}

/** Connects, and stays connected until it is closed. */
export function createClient(options: ClientOptions): Client {
  const client = new Client(options)
  void client.start()
  return client
}
