/** The commands of a stock client, and one precise error where one is something else. */
import { nearest, parseFrame, type RawFrame, type WireError, wireError } from "@everthread/protocol"
import type { Answer } from "@everthread/protocol/langgraph"
import { fields } from "@everthread/protocol/schema"
import * as z from "zod"
import type { Outcome } from "../../../core/outcome.ts"
import { checkedParams } from "../../stock/checked-params.ts"
import type { ThreadPort } from "../../stock/thread-port.ts"
import { inject, respond, respondSchema } from "./input.ts"
import { listCheckpoints, stateGet, tree } from "./look.ts"
import { notSupported } from "./not-supported.ts"
import { runStart, runStartSchema } from "./run-start.ts"

const names = z.array(z.string().max(256)).max(256)

const schemas = {
  "run.start": runStartSchema,
  "input.respond": respondSchema,
  "input.inject": z.object({ message: z.unknown().optional() }),
  "state.get": z.object({ keys: names.optional() }),
  "state.listCheckpoints": z.object({ limit: z.int().min(1).optional(), before: fields.id.optional() }),
  "agent.getTree": z.object({}),
  "state.fork": z.object({}),
  "subscription.reconnect": z.object({}),
} as const

type Method = keyof typeof schemas
type ParamsOf<M extends Method> = z.infer<(typeof schemas)[M]>
type Handlers = { readonly [M in Method]: (port: ThreadPort, params: ParamsOf<M>) => Promise<Outcome<Answer>> }

const handlers: Handlers = {
  "run.start": runStart,
  "input.respond": respond,
  "input.inject": inject,
  "state.get": stateGet,
  "state.listCheckpoints": listCheckpoints,
  "agent.getTree": tree,
  "state.fork": async () =>
    notSupported(
      "state.fork",
      "A fork is a thread of its own here: copy the thread (threads.copy), and start a run on the copy.",
    ),
  "subscription.reconnect": async () =>
    notSupported(
      "subscription.reconnect",
      "Subscribe again: what is under way is told from its beginning, under the same ids.",
    ),
}

export interface StockCommand {
  readonly id: number
  readonly method: string
  readonly params: RawFrame
}

export type StockRead =
  | { readonly ok: true; readonly command: StockCommand }
  | { readonly ok: false; readonly id: number | null; readonly error: WireError }

const idSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

export function readStockCommand(text: string): StockRead {
  const parsed = parseFrame(text)
  if (!parsed.ok) return { ok: false, id: null, error: parsed.error }
  const { id, method, params = {} } = parsed.value
  const read = idSchema.safeParse(id)
  if (!read.success) return { ok: false, id: null, error: wrong("id", "every command has a whole number of its own") }
  if (typeof method !== "string")
    return { ok: false, id: read.data, error: wrong("method", "it takes a command's name") }
  if (typeof params !== "object" || params === null || Array.isArray(params)) {
    return { ok: false, id: read.data, error: wrong("params", "it takes an object") }
  }
  return { ok: true, command: { id: read.data, method, params: params as RawFrame } }
}

export async function executeStock(port: ThreadPort, { method, params }: StockCommand): Promise<Outcome<Answer>> {
  if (!Object.hasOwn(schemas, method)) return { ok: false, error: unknownMethod(method) }
  const known = method as Method
  const checked = checkedParams(schemas[known], params)
  if (!checked.ok) return checked
  const handler = handlers[known] as (port: ThreadPort, params: unknown) => Promise<Outcome<Answer>>
  return handler(port, checked.result)
}

function unknownMethod(method: string): WireError {
  if (method.startsWith("subscription.")) {
    const message = "Subscriptions are of the WebSocket; over HTTP open a stream (POST /threads/:id/stream/events)."
    return notSupported(method.slice(0, 64), message).error
  }
  const near = nearest(method, Object.keys(schemas))
  const hint = near ? `did you mean ${near}?` : `there are ${Object.keys(schemas).join(", ")}`
  const message = `There is no command ${JSON.stringify(method.slice(0, 64))}; ${hint}`
  return wireError("unknown_command", { field: "method", message })
}

function wrong(field: string, reason: string): WireError {
  return wireError("invalid_field", { field, message: `${field}: ${reason}` })
}
