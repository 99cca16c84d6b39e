/**
 * AG-UI's `HttpAgent` whose requests our own client answers: reconnects, other nodes and drops in the middle of an answer are
 * the client's matter, and AG-UI never hears of them. (SPEC AGU8)
 *
 * It is an agent like every other: of the class that is handed in, with `runAgent`, subscribers and middleware as they are. What
 * the stock one leaves out is added: `connectAgent` shows everything that happens in the thread, and `abortRun` stops the run.
 */
import type { Client } from "../client.ts"
import { conversationFetch, toConnect } from "./conversation-fetch.ts"

/** What is known here of `HttpAgent`: how it is made, and that it runs. */
export type StockAgentClass = new (
  // biome-ignore lint/suspicious/noExplicitAny: a class that is extended has to take whatever its constructor takes
  ...args: any[]
) => { run(input: never): unknown }

export interface ConversationAgentOptions {
  readonly threadId: string
  /** The agent that shall answer; without one, the conversation's own, or else the first that is served. */
  readonly agent?: string
}

/** @param base `HttpAgent` of `@ag-ui/client`. */
export function conversationAgent<Base extends StockAgentClass>(
  base: Base,
  client: Client,
  { threadId, agent }: ConversationAgentOptions,
): InstanceType<Base> {
  const Connecting = connecting(base)
  // The address is never asked.
  return new Connecting({ url: "everthread:", threadId, fetch: conversationFetch(client, agent) }) as InstanceType<Base>
}

function connecting(base: StockAgentClass): StockAgentClass {
  return class extends base {
    /** As `run`, by the same transport. */
    connect(input: object): unknown {
      return this.run({ ...input, forwardedProps: toConnect } as never)
    }
  }
}
