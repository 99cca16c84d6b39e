/** Comes into a conversation: as a member that one is, as its maker, or by joining. */
import { type Client, ConnectionLost, type Conversation, DeadlineExceeded, RequestError } from "@everthread/client"

export interface EnterOptions {
  readonly conversation: string
  /** If this makes it, the agent that answers there. */
  readonly agent: string | undefined
}

/** @throws RequestError when the server does not let us in. */
export async function enter(client: Client, options: EnterOptions): Promise<Conversation> {
  const { conversation } = options
  if (!(await isMember(client, conversation))) await createOrJoin(client, options)
  return client.conversation(conversation)
}

async function isMember(client: Client, conversation: string): Promise<boolean> {
  for (;;) {
    try {
      return (await client.conversations()).some((entry) => entry.conversation === conversation)
    } catch (error) {
      // However long the server is away, it is worth waiting for.
      if (!(error instanceof DeadlineExceeded || error instanceof ConnectionLost)) throw error
      await client.ready()
    }
  }
}

async function createOrJoin(client: Client, { conversation, agent }: EnterOptions): Promise<void> {
  try {
    await client.create({ conversation, ...(agent === undefined ? {} : { agent }) })
  } catch (error) {
    if (!(error instanceof RequestError) || error.error.code !== "already_exists") throw error
    await client.join(conversation)
  }
}
