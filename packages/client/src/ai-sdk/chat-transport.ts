/**
 * The AI SDK's `ChatTransport` over our own client: what `useChat` and `Chat` take as their `transport`.
 *
 * It has no socket: what a page sends goes through the client's outbox, and what it is told comes out of the client's log. So a
 * lost connection, another node, a drop in the middle of an answer are the client's matter, and the AI SDK never
 * hears of them. (SPEC AIS7)
 *
 * The shapes are the AI SDK's, told by their structure: nothing of it is imported.
 */
import { type WhenBusy, wireError } from "@everthread/protocol"
import {
  askedAs,
  dueAnswers,
  keyOf,
  RunStream,
  readSubmission,
  Stops,
  type SubmittedAnswers,
  type SubmittedMessage,
  type Wanted,
} from "@everthread/protocol/ai-sdk"
import type { Client } from "../client.ts"
import type { Conversation } from "../conversation.ts"
import { agentFor, enter, visit } from "../entrance.ts"
import { RequestError } from "../errors.ts"
import { followersOf } from "../followers.ts"
import { responseStream } from "./response-stream.ts"

export interface ChatTransportOptions {
  /** The agent that shall answer; without one, the conversation's own, or else the first that is served. */
  readonly agent?: string
  /** What is to become of a message where the agent is busy; without it, what the conversation says. */
  readonly whenBusy?: WhenBusy
}

/** What `sendMessages` is given. */
export interface SentMessages {
  readonly trigger: "submit-message" | "regenerate-message"
  readonly chatId: string
  /** Whose questions were answered, or which is sent again; without one it is the last. */
  readonly messageId?: string | undefined
  readonly messages: readonly { readonly id: string }[]
  readonly abortSignal: AbortSignal | undefined
}

export interface ReconnectOptions {
  readonly chatId: string
  readonly abortSignal?: AbortSignal | undefined
}

export class ConversationTransport {
  /** A resumed stream begins with the run's beginning. */
  readonly resumeStreamIsReplay = true
  readonly #client: Client
  readonly #options: ChatTransportOptions
  readonly #stops: Stops

  constructor(client: Client, options: ChatTransportOptions) {
    this.#client = client
    this.#options = options
    this.#stops = new Stops(client.clock, (chat, run) => void this.#stop(chat, run))
  }

  /** @returns chunks in the AI SDK's shapes, as soon as what was sent is stored. */
  readonly sendMessages = async (sent: SentMessages): Promise<ReadableStream<never>> => {
    const read = readSubmission(upToSubmitted(sent))
    if (!read.ok) throw new RequestError(wireError("invalid_field", { field: read.field, message: read.reason }))
    const { submission } = read
    const { chatId, abortSignal } = sent
    return this.#inside(chatId, async () => {
      const wanted =
        submission.kind === "message" ? await this.#say(sent, submission) : await this.#answer(chatId, submission)
      const stop = (run: string) => void this.#stop(chatId, run)
      return responseStream({ client: this.#client, chatId, stream: new RunStream(wanted), abortSignal, stop })
    })
  }

  /** @returns the run under way from its beginning; nothing where none is. */
  readonly reconnectToStream = async ({
    chatId,
    abortSignal,
  }: ReconnectOptions): Promise<ReadableStream<never> | null> => {
    this.#stops.forget(chatId)
    return this.#inside(chatId, async () => {
      const conversation = await this.#visited(chatId)
      const { state, cursor = "" } = conversation?.snapshot() ?? {}
      if (!state || new RunStream({ kind: "current" }).take(state, cursor).end === "nothing") return null
      const stream = new RunStream({ kind: "current" })
      const stop = (run: string) => this.#stops.soon(chatId, run)
      return responseStream({ client: this.#client, chatId, stream, abortSignal, stop })
    })
  }

  /** The chat is followed for as long as the work takes; a stream that comes of it follows it longer. */
  async #inside<Result>(chatId: string, work: () => Promise<Result>): Promise<Result> {
    const release = followersOf(this.#client).follow(chatId, () => {})
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** A message's own id is its key, so what is repeated is one message and one run. */
  async #say({ chatId, trigger }: SentMessages, { id, text }: SubmittedMessage): Promise<Wanted> {
    const conversation = await this.#entered(chatId)
    const answered = trigger === "regenerate-message" ? askedAs(id, conversation.snapshot().state)?.run : undefined
    if (answered) {
      const { seq, ref = answered.id } = await conversation.regenerate(answered.id)
      return { kind: "run", id: ref, seq, isShown: false }
    }
    const { agent = await agentFor(this.#client, conversation), whenBusy } = this.#options
    const named = { ...(agent === undefined ? {} : { agent }), ...(whenBusy === undefined ? {} : { whenBusy }) }
    const { seq, ref } = await conversation.send(text, { key: keyOf(id), ...named })
    return { kind: "message", id: ref, seq }
  }

  async #answer(chatId: string, submission: SubmittedAnswers): Promise<Wanted> {
    const conversation = await this.#entered(chatId)
    const due = dueAnswers(submission, conversation.snapshot().state)
    if (!due.ok) throw new RequestError(due.error)
    let seq = 0
    for (const { interrupt, value } of due.answers) seq = (await conversation.respond(interrupt.id, value)).seq
    return { kind: "run", id: due.run, seq, isShown: true }
  }

  /** What is known already need not be asked for: what is written goes into the outbox, also without a connection. */
  async #entered(chatId: string): Promise<Conversation> {
    const conversation = this.#client.conversation(chatId)
    return conversation.snapshot().cursor === undefined ? enter(this.#client, chatId) : conversation
  }

  async #visited(chatId: string): Promise<Conversation | undefined> {
    try {
      return await visit(this.#client, chatId)
    } catch (error) {
      // Who may not look is not told whether there is something; a page that is opened on a new chat looks, too.
      if (error instanceof RequestError) return undefined
      throw error
    }
  }

  async #stop(chat: string, run: string): Promise<void> {
    // One that has ended a moment ago is as stopped as can be.
    await this.#client
      .conversation(chat)
      .stop(run)
      .catch(() => {})
  }
}

/** What others have written since is behind the message that is sent; a new answer is asked for by the message before it. */
function upToSubmitted({ trigger, messageId, messages }: SentMessages): SentMessages["messages"] {
  const at = trigger === "submit-message" ? messages.findIndex(({ id }) => id === messageId) : -1
  return at < 0 ? messages : messages.slice(0, at + 1)
}

/** @returns a transport for any number of chats: a chat's id is its conversation's. */
export function chatTransport(client: Client, options: ChatTransportOptions = {}): ConversationTransport {
  return new ConversationTransport(client, options)
}
