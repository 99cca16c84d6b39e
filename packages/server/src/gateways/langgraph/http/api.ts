/**
 * What a stock client asks over HTTP: who asks, which path, and JSON or a stream back.
 *
 * It is pure translation, like the dialect: each path is commands of the core and the thread's state. (SPEC LGR1)
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { type ErrorCode, type WireError, wireError } from "@everthread/protocol"
import { failure, positionOfEvent, success } from "@everthread/protocol/langgraph"
import * as z from "zod"
import type { Authenticator } from "../../../auth/index.ts"
import type { OutboxBounds } from "../../../connection/outbox.ts"
import type { Tick } from "../../../connection/tick.ts"
import { verifyClaim } from "../../../connection/verify-claim.ts"
import { stateForMember } from "../../../core/commands/access.ts"
import type { Core } from "../../../core/core.ts"
import { servedNames } from "../../../core/served-agents.ts"
import type { Access } from "../../../http/upgrade.ts"
import type { Admission } from "../../gateway.ts"
import { allowOrigin, answerPreflight } from "../../http/cors.ts"
import type { Measure } from "../../http/event-stream-response.ts"
import { readFields, readText, sendError, sendJson, statusOf } from "../../http/json.ts"
import { checkedParams } from "../../stock/checked-params.ts"
import { claimOf } from "../../stock/claim-of.ts"
import { enter } from "../../stock/entrance.ts"
import { failureOf, guarded } from "../../stock/guarded.ts"
import { asContext, type ThreadPort, threadPort } from "../../stock/thread-port.ts"
import { executeStock, readStockCommand } from "../commands/commands.ts"
import { filterOf, filterSchema, tooLarge } from "../events/filter.ts"
import { langgraphGateway } from "../gateway.ts"
import { stockDevice } from "../identity.ts"
import { type Found, findRoute, isServed } from "./routes.ts"
import { SseConnection } from "./sse.ts"

export interface ApiOptions {
  readonly core: Core
  readonly authenticator: Authenticator
  readonly access: Access
  readonly tick: Tick
  readonly bounds: OutboxBounds
  readonly bodyBytesMax: number
  /** Streams that one user may have open to this node. */
  readonly streamsPerUserMax: number
  readonly measure: Measure
}

/** A request whose path is known, and who asks. */
interface Known {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly admission: Admission
  readonly names: Readonly<Record<string, string>>
}

const streamSchema = z.object({ ...filterSchema.shape, since: z.int().min(0).nullish() })

/** Answers that a client gets as HTTP errors, because trying the same again may help: by itself it does that. */
const repeatable: ReadonlySet<ErrorCode> = new Set(["rate_limited", "unavailable", "read_only", "internal"])

export class LangGraphApi {
  readonly #options: ApiOptions
  readonly #streams = new Map<SseConnection, string>()

  constructor(options: ApiOptions) {
    this.#options = options
  }

  serves(request: IncomingMessage): boolean {
    return isServed(pathOf(request))
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response)
    } catch (error) {
      sendError(response, failureOf(this.#options.core, error).error)
    }
  }

  /** Ends every stream: their clients come back, and reach another node. */
  drain(): void {
    for (const stream of [...this.#streams.keys()]) stream.end()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, authenticator } = this.#options
    if (!allowOrigin(request, response, access)) return sendError(response, strangePage())
    if (request.method === "OPTIONS") return answerPreflight(request, response)
    const path = pathOf(request)
    const found = findRoute(request.method ?? "GET", path)
    if (found.kind !== "found") return sendNotFound(response, path, found)
    const { answering, names } = found
    if (answering.kind === "open") return sendJson(response, 200, answering.body)
    const claim = claimOf({ url: request.url ?? "/", headers: request.headers }, access.authRequired, stockDevice)
    const admission = claim.ok ? await verifyClaim(authenticator, claim.result) : claim
    if (!admission.ok) return sendError(response, admission.error)
    const known = { request, response, names, admission: admission.result }
    if (answering.kind === "commands") return this.#command(known)
    if (answering.kind === "stream") return this.#stream(known)
    const { core, bodyBytesMax } = this.#options
    const body = await readFields(request, bodyBytesMax)
    if (!body.ok) return sendError(response, body.error)
    const query = new URL(request.url ?? "/", "http://any").searchParams
    const outcome = await answering.handler({ core, actor: known.admission.actor, names, query, body: body.result })
    if (outcome.ok) sendJson(response, 200, outcome.result)
    else sendError(response, outcome.error)
  }

  /** A command that is refused is answered like any other; what may be tried again is an error of HTTP. */
  async #command(known: Known): Promise<void> {
    const { request, response } = known
    const text = await readText(request, this.#options.bodyBytesMax)
    if (!text.ok) return sendError(response, text.error)
    const read = readStockCommand(text.result)
    if (!read.ok) return sendJson(response, read.id === null ? 400 : 200, failure(read.id, read.error))
    const outcome = await guarded(this.#options.core, () => executeStock(this.#portOf(known), read.command))
    if (outcome.ok) return sendJson(response, 200, success(read.command.id, outcome.result))
    const { error } = outcome
    this.#options.core.meter.errorSent(error.code)
    const status = repeatable.has(error.code) || error.code === "not_member" ? statusOf(error) : 200
    sendJson(response, status, failure(read.command.id, error))
  }

  async #stream(known: Known): Promise<void> {
    const { request, response, admission } = known
    const { core, tick, bounds, measure, bodyBytesMax } = this.#options
    const body = await readFields(request, bodyBytesMax)
    if (!body.ok) return sendError(response, body.error)
    const params = checkedParams(streamSchema, body.result)
    if (!params.ok) return sendError(response, params.error)
    const filter = filterOf(params.result)
    const tooMuch = tooLarge([filter])
    if (tooMuch) return sendError(response, tooMuch.error)
    const port = this.#portOf(known)
    const state = await stateOfEntered(port)
    if (!state.ok) return sendError(response, state.error)
    const { user } = admission.actor
    if (this.#streamsOf(user) >= this.#options.streamsPerUserMax) return sendError(response, this.#tooManyStreams())
    if (response.destroyed) return
    const stream: SseConnection = new SseConnection({
      core,
      actor: admission.actor,
      conversation: port.thread,
      response,
      tick,
      bounds,
      expiresAt: admission.expiresAt,
      filter,
      state: state.result,
      since: params.result.since ?? positionOfEvent(String(request.headers["last-event-id"] ?? "")),
      gateway: langgraphGateway.name,
      measure,
      ended: () => this.#streams.delete(stream),
    })
    this.#streams.set(stream, user)
    stream.start()
  }

  #portOf({ admission, names }: Known): ThreadPort {
    return threadPort(this.#options.core, admission.actor, names["thread_id"] ?? "")
  }

  #streamsOf(user: string): number {
    return [...this.#streams.values()].filter((other) => other === user).length
  }

  #tooManyStreams(): WireError {
    const limit = this.#options.streamsPerUserMax
    return wireError("rate_limited", { limit, message: `One user may have at most ${limit} streams to a node.` })
  }
}

async function stateOfEntered(port: ThreadPort): ReturnType<typeof stateForMember> {
  const entered = await enter(port, (await servedNames(port.core.agents))[0])
  return entered.ok ? stateForMember(asContext(port), port.thread) : entered
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? "/"
}

function strangePage(): WireError {
  const message = "Authentication is off, so only pages of this machine and of websocket.origins may ask."
  return wireError("forbidden", { field: "origin", message })
}

function sendNotFound(response: ServerResponse, path: string, found: Exclude<Found, { kind: "found" }>): void {
  const shown = JSON.stringify(path.slice(0, 200))
  if (found.kind === "none") {
    const message = `There is no ${shown} here: what is served of LangGraph's API, docs/langgraph.md says.`
    return sendError(response, wireError("not_found", { field: "path", message }))
  }
  const message = `${shown} takes ${found.methods.join(", ")} here; what else LangGraph's API knows is not served.`
  response.setHeader("allow", found.methods.join(", "))
  sendError(response, wireError("unknown_command", { field: "method", message }), 405)
}
