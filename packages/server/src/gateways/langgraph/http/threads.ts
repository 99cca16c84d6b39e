/** Threads: conversations, in the shape of LangGraph's `Thread`. */
import { type ConversationState, isOpen, type Json, limits } from "@everthread/protocol"
import { tasksOf, valuesOf } from "@everthread/protocol/langgraph"
import { fields } from "@everthread/protocol/schema"
import { stateForMember } from "../../../core/commands/access.ts"
import { freshIdChars } from "../../../core/core.ts"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { agentNamed } from "../../stock/agent-for.ts"
import { visit } from "../../stock/entrance.ts"
import { contextOf, type ThreadPort, threadPort } from "../../stock/thread-port.ts"
import { notSupported } from "../commands/not-supported.ts"
import { assistantField, assistantNamed } from "../commands/run-start.ts"
import { emptyThreadState, type HistoryRange, stateAt, threadHistory, threadState } from "../thread-state.ts"
import { pageOf } from "./page.ts"
import type { StockHandler, StockRequest } from "./request.ts"

/** Threads of a list, each of which is looked into. */
const listedMax = 100

interface Thread {
  readonly thread_id: string
  readonly metadata: { readonly [name: string]: Json }
  readonly status: "idle" | "busy" | "interrupted" | "error"
  readonly [field: string]: Json
}

export function portOf({ core, actor, names }: StockRequest): ThreadPort {
  return threadPort(core, actor, names["thread_id"] ?? "")
}

export const createThread: StockHandler = async (request) => {
  const { core, actor, body } = request
  const asked = body["thread_id"] ?? undefined
  const id = asked === undefined ? undefined : fields.conversationId.safeParse(asked)
  if (id && !id.success)
    return refused("invalid_field", { field: "thread_id", message: `thread_id: ${id.error.issues[0]?.message}` })
  const named = await agentNamed(core.agents, assistantNamed(graphOf(body["metadata"])), assistantField)
  if (!named.ok) return named
  const agent = named.result ?? core.agents.names[0]
  const port = threadPort(core, actor, id?.data ?? core.random.id(freshIdChars * 2))
  const about = { conversation: port.thread, key: core.random.id(freshIdChars) }
  const created = await port.run({ type: "create", ...about, ...(agent === undefined ? {} : { agent }) })
  const isWelcome = !created.ok && created.error.code === "already_exists" && body["if_exists"] === "do_nothing"
  return created.ok || isWelcome ? threadFor(port) : created
}

export const getThread: StockHandler = async (request) => {
  const port = portOf(request)
  const visited = await mustBeThere(port)
  return visited.ok ? threadFor(port) : visited
}

async function mustBeThere(port: ThreadPort): Promise<Outcome<true>> {
  const visited = await visit(port)
  if (!visited.ok) return visited
  if (visited.result) return done(true)
  const message = `There is no thread ${JSON.stringify(port.thread)}; it begins with its first run.`
  return refused("not_found", { field: "thread_id", message })
}

/** A copy is a fork: a thread of its own, with everything up to now. */
export const copyThread: StockHandler = async (request) => {
  const port = portOf(request)
  const forked = await port.run({ type: "fork", conversation: port.thread, key: port.core.random.id(freshIdChars) })
  return forked.ok ? threadFor({ ...port, thread: forked.result.conversation }) : forked
}

export const searchThreads: StockHandler = async (request) => {
  const page = pageOf(request)
  if (!page.ok) return page
  const found = await threadsOf(request)
  if (!found.ok) return found
  const { offset, limit } = page.result
  const threads: Thread[] = []
  for (const id of found.result.slice(offset).slice(0, Math.min(limit, listedMax))) {
    const thread = await threadFor(threadPort(request.core, request.actor, id))
    if (thread.ok) threads.push(thread.result)
  }
  return done(threads)
}

export const countThreads: StockHandler = async (request) => {
  const found = await threadsOf(request)
  return found.ok ? done(found.result.length) : found
}

/** The user's own, or those of them that are named. By what is inside them they are not searched. */
async function threadsOf({ core, actor, body }: StockRequest): Promise<Outcome<readonly string[]>> {
  const { metadata, values, status, ids } = body
  const unknown = Object.entries({ metadata, values, status }).find(([, asked]) => isAsking(asked))
  if (unknown) return notSupported(unknown[0], `Threads are listed, not searched by their ${unknown[0]}.`)
  const own = await core.engine.directory.conversations(actor.user)
  if (!Array.isArray(ids)) return done(own)
  const named = new Set<unknown>(ids)
  return done(own.filter((id) => named.has(id)))
}

function isAsking(value: unknown): boolean {
  if (value === undefined || value === null) return false
  return typeof value !== "object" || Object.keys(value).length > 0
}

/**
 * A page that is opened before anybody has said anything follows a thread only if it has a state. Where everybody may
 * enter, it is empty; where not, whoever only looks at a name shall not come to own it.
 */
export const getState: StockHandler = async (request) => {
  const port = portOf(request)
  const { checkpoint_id: checkpoint } = request.names
  const visited = await mustBeThere(port)
  if (checkpoint === undefined && isToBegin(port, visited)) return done(emptyThreadState(port.thread))
  if (!visited.ok) return visited
  return checkpoint === undefined ? threadState(port) : stateAt(port, checkpoint)
}

export const getStateOfCheckpoint: StockHandler = async (request) => {
  const port = portOf(request)
  const visited = await mustBeThere(port)
  if (!visited.ok) return visited
  const checkpoint = checkpointOf(request.body["checkpoint"])
  return checkpoint === undefined ? threadState(port) : stateAt(port, checkpoint)
}

function isToBegin({ core }: ThreadPort, visited: Outcome<true>): boolean {
  return !visited.ok && visited.error.code === "not_found" && !core.authRequired
}

export const getHistory: StockHandler = async (request) => {
  const port = portOf(request)
  const visited = await mustBeThere(port)
  if (isToBegin(port, visited)) return done([])
  if (!visited.ok) return visited
  const page = pageOf(request)
  if (!page.ok) return page
  const range: HistoryRange = {
    limit: Math.min(page.result.limit, limits.checkpointsPageMax),
    before: checkpointOf(request.body["before"]) ?? undefined,
  }
  // Of subgraphs there is no history of its own here.
  return isOfSubgraph(request.body["checkpoint"]) ? done([]) : threadHistory(port, range)
}

/** Named by its id, by an object with it, or by a config around that. */
function checkpointOf(value: unknown): string | undefined {
  if (typeof value === "string") return value
  const { checkpoint_id: id, configurable } = (value ?? {}) as { checkpoint_id?: unknown; configurable?: unknown }
  if (typeof id === "string") return id
  return configurable === undefined ? undefined : checkpointOf(configurable)
}

function isOfSubgraph(value: unknown): boolean {
  const { checkpoint_ns: ns } = (value ?? {}) as { checkpoint_ns?: unknown }
  return typeof ns === "string" && ns !== ""
}

function graphOf(metadata: unknown): string | undefined {
  const { graph_id: graph } = (metadata ?? {}) as { graph_id?: unknown }
  return typeof graph === "string" ? graph : undefined
}

async function threadFor({ core, actor, thread }: ThreadPort): Promise<Outcome<Thread>> {
  const state = await stateForMember(contextOf(core, actor), thread)
  return state.ok ? done(plainThread(thread, state.result)) : state
}

function plainThread(id: string, state: ConversationState): Thread {
  const { title, agent, messages } = state
  const last = messages.at(-1)
  const date = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString())
  const interrupts = Object.fromEntries(tasksOf(state).map((task) => [task.id, [...task.interrupts]]))
  return {
    thread_id: id,
    created_at: date(messages[0]?.time),
    updated_at: date(last?.time),
    state_updated_at: date(last?.time),
    metadata: { ...(agent === undefined ? {} : { graph_id: agent }), ...(title === undefined ? {} : { title }) },
    status: statusOf(state),
    config: {},
    values: valuesOf(state),
    interrupts,
  }
}

function statusOf({ runs }: ConversationState): Thread["status"] {
  const open = runs.filter(isOpen)
  if (open.some(({ status }) => status !== "waiting")) return "busy"
  if (open.length > 0) return "interrupted"
  return runs.at(-1)?.status === "failed" ? "error" : "idle"
}
