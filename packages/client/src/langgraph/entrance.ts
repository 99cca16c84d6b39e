/** The way into a conversation: followed until it is known, begun where it is not there, entered where anybody may. */
import { type WireError, wireError } from "@everthread/protocol"
import type { Client } from "../client.ts"
import type { Conversation } from "../conversation.ts"
import type { ConversationView } from "../conversation-view.ts"
import { ClientClosed, RequestError } from "../errors.ts"

/** @returns the view as soon as it is up to date, or it is known that there will be none: `live` or `closed`. */
export function settledView({ snapshot, subscribe }: Conversation): Promise<ConversationView> {
  return new Promise((resolve) => {
    const look = () => {
      const view = snapshot()
      if (view.status !== "live" && view.status !== "closed") return
      stop()
      resolve(view)
    }
    const stop = subscribe(look)
    look()
  })
}

/**
 * Who names a thread that is not there begins it, as LangGraph's clients expect; with authentication off anybody may enter.
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

async function isLive(conversation: Conversation): Promise<boolean> {
  return (await settledView(conversation)).status === "live"
}

async function mustBeLive(conversation: Conversation): Promise<void> {
  const view = await settledView(conversation)
  if (view.status !== "live") throw new RequestError(errorOf(view))
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
