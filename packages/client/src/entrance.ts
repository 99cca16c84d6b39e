/** The way into a conversation: followed until it is known, begun where it is not there, entered where anybody may. */
import { type WireError, wireError } from "@everthread/protocol"
import type { Client } from "./client.ts"
import type { Conversation } from "./conversation.ts"
import type { ConversationView } from "./conversation-view.ts"
import { ClientClosed, RequestError } from "./errors.ts"

/** @returns the first view, from now on, that is as it should be. */
export function viewWhere(
  { snapshot, subscribe }: Conversation,
  isRight: (view: ConversationView) => boolean,
): Promise<ConversationView> {
  return new Promise((resolve) => {
    const look = () => {
      const view = snapshot()
      if (!isRight(view)) return
      stop()
      resolve(view)
    }
    const stop = subscribe(look)
    look()
  })
}

/** @returns the view as soon as it holds the log up to a place, or there will be none: the ack may be faster than the log. */
export function viewAt(conversation: Conversation, seq: number): Promise<ConversationView> {
  return viewWhere(conversation, ({ state, status }) => state.seq >= seq || status === "closed")
}

/**
 * Who names a thread that is not there begins it, as the pages of stock clients expect; with authentication off anybody may enter.
 * @throws RequestError where the server does not let us.
 */
export async function enter(client: Client, id: string): Promise<Conversation> {
  const conversation = client.conversation(id)
  if (!(await isLive(conversation))) {
    await begin(client, id)
    await mustBeLive(conversation)
  }
  return conversation
}

/** Like `enter`, for those who only look: nothing is begun by it. */
export async function visit(client: Client, id: string): Promise<Conversation> {
  const conversation = client.conversation(id)
  if (!(await isLive(conversation))) {
    await client.join(id)
    await mustBeLive(conversation)
  }
  return conversation
}

async function begin(client: Client, id: string): Promise<void> {
  try {
    const [agent] = (await client.ready()).agents
    await client.create({ conversation: id, ...(agent === undefined ? {} : { agent }) })
  } catch (error) {
    // Somebody else was there before: then it is a matter of membership.
    if (!(error instanceof RequestError) || error.error.code !== "already_exists") throw error
    await client.join(id)
  }
}

/** @returns who is to answer where nobody is named; `undefined`: the conversation's own agent. */
export async function agentFor(client: Client, conversation: Conversation): Promise<string | undefined> {
  return conversation.snapshot().state.agent === undefined ? (await client.ready()).agents[0] : undefined
}

async function isLive(conversation: Conversation): Promise<boolean> {
  return (await settled(conversation)).status === "live"
}

async function mustBeLive(conversation: Conversation): Promise<void> {
  const view = await settled(conversation)
  if (view.status !== "live") throw new RequestError(errorOf(view))
}

/** @returns the view as soon as it is up to date, or it is known that there will be none. */
function settled(conversation: Conversation): Promise<ConversationView> {
  return viewWhere(conversation, ({ status }) => status === "live" || status === "closed")
}

/** @returns why a view is closed; where the program closed it, that. */
export function errorOf({ error }: ConversationView): WireError {
  return (error as WireError | undefined) ?? wireError("unavailable", { message: "The conversation was closed." })
}

/** @returns what went wrong, as an error of the protocol. */
export function asWireError(error: unknown): WireError {
  if (error instanceof RequestError) return error.error as WireError
  const message = error instanceof Error ? error.message : String(error)
  return wireError(error instanceof ClientClosed ? "unavailable" : "internal", { message })
}
