/** The snippets of `docs/client.md`, compiled and run: each region here is a block there. */
import { type ConversationState, type LogEvent, textOf } from "@everthread/protocol"
import {
  type Client,
  type Conversation,
  createClient,
  RequestError,
  socketsOf,
  type WebSocketLike,
} from "../src/index.ts"

export function connect(): Client {
  // #region connect
  const client = createClient({ url: "ws://127.0.0.1:8765/v1", user: "ada", device: "laptop" })
  const conversation = client.conversation("lobby")
  // #endregion
  conversation.snapshot()
  return client
}

export function withToken(url: string, fetchToken: () => Promise<string>): Client {
  // #region token
  const client = createClient({ url, device: "laptop", token: fetchToken })
  // #endregion
  return client
}

export function inNode(url: string, WebSocket: new (url: string) => WebSocketLike): Client {
  // #region node
  const client = createClient({ url, user: "ada", device: "laptop", socket: socketsOf(WebSocket) })
  // #endregion
  return client
}

export async function create(client: Client): Promise<Conversation> {
  // #region create
  const { conversation: id } = await client.create({ title: "Plans", members: ["bob"], agent: "demo" })
  const conversation = client.conversation(id)
  await conversation.addMember("eve")
  // #endregion
  return conversation
}

export function list(client: Client, draw: (lines: readonly string[]) => void): () => void {
  // #region list
  const list = client.list()
  const stop = list.subscribe(() => {
    const { conversations } = list.snapshot()
    draw(conversations.map(({ conversation, title, unread }) => `${title ?? conversation} (${unread})`))
  })
  // #endregion
  return stop
}

export function show(
  conversation: Conversation,
  draw: (status: string, lines: readonly string[], typing: readonly unknown[]) => void,
): () => void {
  // #region show
  const stop = conversation.subscribe(() => {
    const { status, messages, pending, typing } = conversation.snapshot()
    const lines = messages.map((message) => `${message.by?.user ?? message.agent}: ${textOf(message)}`)
    const unsent = pending.map(({ text, status }) => `${text} (${status})`)
    draw(status, [...lines, ...unsent], typing)
  })
  // #endregion
  return stop
}

export async function write(conversation: Conversation): Promise<void> {
  // #region write
  const { ref: id } = await conversation.send("Shall we?", { agent: "demo" })
  if (id !== undefined) await conversation.react(id, "👍")
  await conversation.markRead()
  // #endregion
}

export async function refused(
  conversation: Conversation,
  interrupt: string,
  tell: (text: string) => void,
): Promise<void> {
  // #region refused
  try {
    await conversation.respond(interrupt, { approved: true })
  } catch (error) {
    if (!(error instanceof RequestError) || error.error.code !== "already_answered") throw error
    tell(error.message)
  }
  // #endregion
}

export async function busy(conversation: Conversation): Promise<void> {
  // #region busy
  await conversation.send("And in Lisbon", { whenBusy: "steer" })
  const [next, afterNext] = conversation.snapshot().queue
  if (next) await conversation.cancel(next.id)
  if (afterNext) await conversation.promote(afterNext.id)
  await conversation.update({ whenBusy: "reject" })
  // #endregion
}

export async function fork(client: Client, conversation: Conversation): Promise<Conversation | undefined> {
  // #region fork
  const { checkpoints } = await conversation.checkpoints({ limit: 10 })
  const beforeTools = checkpoints.find(({ next }) => next.includes("tools"))
  if (!beforeTools) return undefined
  const { conversation: id } = await conversation.fork({ checkpoint: beforeTools.checkpoint })
  return client.conversation(id)
  // #endregion
}

export async function follow(
  conversation: Conversation,
  record: (events: readonly LogEvent[]) => void,
  startOver: (state: ConversationState) => void,
): Promise<void> {
  // #region events
  for await (const update of conversation.events()) {
    if (update.type === "events") record(update.events)
    else startOver(update.state)
  }
  // #endregion
}
