/**
 * AG-UI over HTTP: a run for each request, a connection to a thread, and a word that stops a run.
 *
 * It is pure translation over the same core as every other gateway. AG-UI's own client posts an input to one address and reads
 * events; it has no word for connections and for stopping, so those are addresses beside it. (SPEC AGU1, AGU7)
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { type Cursor, parseCursor, type WireError, wireError } from "@everthread/protocol"
import type * as z from "zod"
import type { Authenticator } from "../../auth/index.ts"
import type { OutboxBounds } from "../../connection/outbox.ts"
import type { Tick } from "../../connection/tick.ts"
import { verifyClaim } from "../../connection/verify-claim.ts"
import type { Core } from "../../core/core.ts"
import type { Outcome } from "../../core/outcome.ts"
import type { Access } from "../../http/upgrade.ts"
import type { Admission } from "../gateway.ts"
import { allowOrigin, answerPreflight } from "../http/cors.ts"
import { EventStreamResponse, type Measure } from "../http/event-stream-response.ts"
import { readFields, sendError, sendJson } from "../http/json.ts"
import { checkedParams } from "../stock/checked-params.ts"
import { claimOf } from "../stock/claim-of.ts"
import { failureOf } from "../stock/guarded.ts"
import { type ThreadPort, threadPort } from "../stock/thread-port.ts"
import { bytesOf } from "./encode.ts"
import { connectSchema, inputBytesMax, inputSchema, stopSchema } from "./input.ts"
import { planConnection, planRun } from "./plans.ts"
import { stopRun } from "./stop-run.ts"
import { type StreamPlan, ThreadStream } from "./thread-stream.ts"

export interface AgUiApiOptions {
  readonly core: Core
  readonly authenticator: Authenticator
  readonly access: Access
  readonly tick: Tick
  readonly bounds: OutboxBounds
  /** Streams that one user may have open to this node. */
  readonly streamsPerUserMax: number
  readonly measure: Measure
}

/** A request that says who asks. */
interface Known {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly admission: Admission
}

/** As it is counted. */
export const agUiName = "ag-ui"

const root = "/compat/ag-ui"

/** The device of all clients that name none. Repeats are known by it, so it is the same for every request. */
const stockDevice = "ag-ui"

export class AgUiApi {
  readonly #options: AgUiApiOptions
  readonly #streams = new Map<EventStreamResponse, string>()

  constructor(options: AgUiApiOptions) {
    this.#options = options
  }

  serves(request: IncomingMessage): boolean {
    const path = pathOf(request)
    return path === root || path.startsWith(`${root}/`)
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response)
    } catch (error) {
      this.#refuse(response, failureOf(this.#options.core, error).error)
    }
  }

  /** Ends every stream: their clients come back, and reach another node. */
  drain(): void {
    for (const stream of [...this.#streams.keys()]) stream.fail(leaving())
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, authenticator } = this.#options
    if (!allowOrigin(request, response, access)) return this.#refuse(response, strangePage())
    if (request.method === "OPTIONS") return answerPreflight(request, response)
    const answering = this.#answers[pathOf(request).slice(root.length)]
    if (!answering) return this.#refuse(response, noPath())
    if (request.method !== "POST") return refuseMethod(response)
    const claim = claimOf({ url: request.url ?? "/", headers: request.headers }, access.authRequired, stockDevice)
    const admission = claim.ok ? await verifyClaim(authenticator, claim.result) : claim
    if (!admission.ok) return this.#refuse(response, admission.error)
    const refusal = await answering({ request, response, admission: admission.result })
    if (refusal) this.#refuse(response, refusal)
  }

  /** One for each address below the root. @returns what was wrong. */
  readonly #answers: { readonly [path: string]: ((known: Known) => Promise<WireError | undefined>) | undefined } = {
    "": (known) => this.#run(known),
    "/connect": (known) => this.#connect(known),
    "/stop": (known) => this.#stop(known),
  }

  async #run(known: Known): Promise<WireError | undefined> {
    const input = await this.#read(known, inputSchema)
    if (!input.ok) return input.error
    const port = this.#portOf(known, input.result.threadId)
    const agent = new URL(known.request.url ?? "/", "http://any").searchParams.get("agent")
    const plan = await planRun(port, input.result, agent)
    return plan.ok ? this.#stream(known, port, plan.result) : plan.error
  }

  async #connect(known: Known): Promise<WireError | undefined> {
    const input = await this.#read(known, connectSchema)
    if (!input.ok) return input.error
    const port = this.#portOf(known, input.result.threadId)
    const plan = await planConnection(port)
    return plan.ok ? this.#stream(known, port, plan.result) : plan.error
  }

  async #stop(known: Known): Promise<WireError | undefined> {
    const input = await this.#read(known, stopSchema)
    if (!input.ok) return input.error
    const stopped = await stopRun(this.#portOf(known, input.result.threadId), input.result)
    if (!stopped.ok) return stopped.error
    sendJson(known.response, 200, stopped.result)
    return undefined
  }

  #stream({ request, response, admission }: Known, port: ThreadPort, plan: StreamPlan): WireError | undefined {
    const { core, tick, bounds, measure } = this.#options
    const { actor, expiresAt } = admission
    if (this.#streamsOf(actor.user) >= this.#options.streamsPerUserMax) return this.#tooManyStreams()
    if (response.destroyed) return undefined
    const cursor = cursorOf(request)
    const outlet: EventStreamResponse = new EventStreamResponse(
      {
        core,
        actor,
        conversation: port.thread,
        response,
        tick,
        bounds,
        expiresAt,
        gateway: agUiName,
        measure,
        ended: () => this.#streams.delete(outlet),
      },
      {
        deliver: (conversation, frame) => stream.deliver(conversation, frame),
        snapshot: (_conversation, _reason, cursor, stateJson) => stream.snapshot(cursor, JSON.parse(stateJson)),
        upToDate: (_conversation, cursor) => stream.upToDate(cursor),
        failure,
      },
    )
    const stream = new ThreadStream(plan, outlet, cursor)
    this.#streams.set(outlet, actor.user)
    outlet.start()
    outlet.follow(cursor)
    return undefined
  }

  async #read<S extends z.ZodType>({ request }: Known, schema: S): Promise<Outcome<z.infer<S>>> {
    const body = await readFields(request, inputBytesMax)
    return body.ok ? checkedParams(schema, body.result) : body
  }

  #portOf({ admission }: Known, thread: string): ThreadPort {
    return threadPort(this.#options.core, admission.actor, thread)
  }

  #refuse(response: ServerResponse, error: WireError): void {
    this.#options.core.meter.errorSent(error.code)
    sendError(response, error)
  }

  #streamsOf(user: string): number {
    return [...this.#streams.values()].filter((other) => other === user).length
  }

  #tooManyStreams(): WireError {
    const limit = this.#options.streamsPerUserMax
    return wireError("rate_limited", { limit, message: `One user may have at most ${limit} streams to a node.` })
  }
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? "/"
}

/** What is no cursor of ours is as good as none. */
function cursorOf({ headers }: IncomingMessage): Cursor | undefined {
  const id = String(headers["last-event-id"] ?? "")
  return parseCursor(id) ? id : undefined
}

/** AG-UI's clients take it at any place of a sequence. */
function failure({ message, code }: WireError): Uint8Array {
  return bytesOf([{ type: "RUN_ERROR", message, code }], undefined) ?? new Uint8Array()
}

function leaving(): WireError {
  const message = "This node is shutting down; the run goes on. Ask again, and another node tells it."
  return wireError("draining", { message })
}

function strangePage(): WireError {
  const message = "Authentication is off, so only pages of this machine and of websocket.origins may ask."
  return wireError("forbidden", { field: "origin", message })
}

function noPath(): WireError {
  const message = `There are POST ${root}, ${root}/connect and ${root}/stop; docs/ag-ui.md says what they take.`
  return wireError("not_found", { field: "path", message })
}

function refuseMethod(response: ServerResponse): void {
  response.setHeader("allow", "POST")
  const message = "It takes POST."
  sendError(response, wireError("unknown_command", { field: "method", message }), 405)
}
