/**
 * A `fetch` that asks no server: what LangChain's client does over HTTP beside its stream is answered by our own client, so a
 * page needs neither a second address nor a second token.
 *
 *   GET  /threads/:id/state              what there is; 404 where there is no such thread
 *   POST /threads/:id/history            the checkpoints of its agent's thread, without their values
 *   POST /threads/:id/runs/:run/cancel   stops the run for everybody
 */
import { tasksOf, valuesOf } from "@everthread/protocol/langgraph"
import type { Client } from "../client.ts"
import type { Conversation } from "../conversation.ts"
import { asWireError, visit } from "../entrance.ts"
import { RequestError } from "../errors.ts"
import { followersOf } from "../followers.ts"

type Answer = (conversation: Conversation, parts: readonly string[], body: Asked) => Promise<object>

interface Asked {
  readonly limit?: number
  readonly checkpoint?: { readonly checkpoint_ns?: string }
}

const routes: readonly (readonly [RegExp, Answer])[] = [
  [/^GET .*\/threads\/([^/]+)\/state$/, async (conversation) => stateOf(conversation)],
  [/^POST .*\/threads\/([^/]+)\/history$/, (conversation, _parts, body) => historyOf(conversation, body)],
  [/^POST .*\/threads\/([^/]+)\/runs\/([^/]+)\/cancel$/, (conversation, [run = ""]) => stop(conversation, run)],
]

export function answeringFetch(client: Client): (input: unknown, init?: RequestInit) => Promise<Response> {
  return async (input, { method = "GET", body } = {}) => {
    const asked = `${method} ${new URL(String(input instanceof Request ? input.url : input)).pathname}`
    for (const [pattern, answer] of routes) {
      const found = pattern.exec(asked)
      if (!found) continue
      const [thread = "", ...parts] = found.slice(1).map(decodeURIComponent)
      const sent = typeof body === "string" ? (JSON.parse(body) as Asked) : {}
      return inside(client, thread, (conversation) => answer(conversation, parts, sent))
    }
    return respond(501, { message: `${asked} is not served over the client: use its own calls` })
  }
}

/** Followed for as long as the answer takes, and a moment longer: a stream of the same thread mostly comes next. */
async function inside(
  client: Client,
  thread: string,
  answer: (of: Conversation) => Promise<object>,
): Promise<Response> {
  const release = followersOf(client).follow(thread, () => {})
  try {
    return respond(200, await answer(await visit(client, thread)))
  } catch (error) {
    const { code, message } = asWireError(error)
    // Who may not look is not told whether there is something.
    const isRefused = error instanceof RequestError && ["not_member", "not_found", "forbidden"].includes(code)
    return respond(isRefused ? 404 : 400, { code, message })
  } finally {
    release()
  }
}

/** Without `next`: a hook opens no stream to a thread whose `next` is empty, and would miss what others start. */
async function stateOf({ id, snapshot }: Conversation): Promise<object> {
  const { state } = snapshot()
  return { values: valuesOf(state), tasks: tasksOf(state), checkpoint: refOf(id, null), metadata: {} }
}

/** Of the root alone: what a subgraph went through is not asked for one by one. */
async function historyOf(conversation: Conversation, { limit, checkpoint }: Asked): Promise<object[]> {
  if (checkpoint?.checkpoint_ns) return []
  const page = await conversation.checkpoints(limit === undefined ? {} : { limit })
  return page.checkpoints.map(({ checkpoint: id, parent, next, step, time }) => ({
    values: {},
    next,
    tasks: [],
    checkpoint: refOf(conversation.id, id),
    parent_checkpoint: parent === undefined ? null : refOf(conversation.id, parent),
    metadata: { step },
    created_at: new Date(time).toISOString(),
  }))
}

async function stop(conversation: Conversation, run: string): Promise<object> {
  await conversation.stop(run)
  return {}
}

function refOf(thread: string, checkpoint: string | null): object {
  return { thread_id: thread, checkpoint_ns: "", checkpoint_id: checkpoint }
}

function respond(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })
}
