/**
 * What AG-UI's `HttpAgent` takes as its `fetch`: it asks nobody, and answers out of the client's own log. (SPEC AGU8)
 *
 * What is refused is an answer with the status and the error that the server's gateway would have given.
 */
import { httpStatusOf, type Json } from "@everthread/protocol"
import { type Plan, planOfThread } from "@everthread/protocol/ag-ui"
import type { Client } from "../client.ts"
import { asWireError, enter } from "../entrance.ts"
import { startRun } from "./start-run.ts"
import { toldBody } from "./told-body.ts"

/** An input as the stock agent sends it: it was checked by the agent's own schema. */
export interface RunInput {
  readonly threadId: string
  readonly runId: string
  readonly messages: readonly unknown[]
  readonly forwardedProps?: unknown
  readonly resume?: readonly { readonly interruptId: string; readonly status: string; readonly payload?: Json }[] | null
}

/** What an input carries that asks for a connection instead of a run. */
export const toConnect = { everthread: "connect" } as const

/** @param agent who is to answer; without one, the conversation's own, or else the first that is served. */
export function conversationFetch(
  client: Client,
  agent?: string,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (_url, { body, signal }) => {
    try {
      const input = JSON.parse(String(body)) as RunInput
      const isConnection = (input.forwardedProps as Partial<typeof toConnect>)?.everthread === toConnect.everthread
      const told = isConnection ? await connected(client, input) : await startRun(client, input, agent)
      const headers = { "content-type": "text/event-stream" }
      return new Response(toldBody(client, input.threadId, told, signal ?? undefined), { headers })
    } catch (error) {
      const wire = asWireError(error)
      const headers = { "content-type": "application/json" }
      return new Response(JSON.stringify({ detail: wire.message, ...wire }), {
        status: httpStatusOf(wire.code),
        headers,
      })
    }
  }
}

/** What is to be told, and what a person's abort does. */
export interface Told {
  readonly plan: Plan
  /** Stops what is told, for everybody; without it an abort only ends the telling. */
  readonly stop?: () => void
}

async function connected(client: Client, { threadId }: RunInput): Promise<Told> {
  await enter(client, threadId)
  return { plan: planOfThread(threadId) }
}
