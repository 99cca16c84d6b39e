/** What LangChain's `useStream` is given so that it runs over our own client. */
import type { Client } from "../client.ts"
import { ConversationAdapter } from "./adapter.ts"
import { answeringFetch } from "./answering-fetch.ts"

export interface StreamOptions {
  readonly transport: ConversationAdapter
  readonly callerOptions: {
    readonly maxRetries: number
    readonly fetch: (input: unknown, init?: RequestInit) => Promise<Response>
  }
}

/**
 * Makes the options of one `useStream`. Make them once for each hook, outside of what renders: a hook that gets other
 * ones begins anew.
 * @param client connects, comes back and keeps what is written; it stays the program's to close.
 */
export function streamOptions(client: Client): StreamOptions {
  // Nothing of it goes over a network that could fail for a moment.
  const callerOptions = { maxRetries: 0, fetch: answeringFetch(client) }
  return { transport: new ConversationAdapter(client, ""), callerOptions }
}

/** @returns the adapter alone, for LangChain's `client.threads.stream(thread, { transport })`. */
export function agentServerAdapter(client: Client, thread = ""): ConversationAdapter {
  return new ConversationAdapter(client, thread)
}
