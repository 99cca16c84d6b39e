/**
 * Turns a graph's stream into log events: no I/O, its state is the messages that are being said.
 *
 * Kept: what a model says, tool calls and what came of them, custom events, and the checkpoints and
 * the lifecycle of subgraphs. Dropped: `values`, `updates` and `tasks`, which carry the whole state each
 * superstep; the root's checkpoints, whose entries are written together with them
 * (`langgraph/checkpoint-entry.ts`); the root's lifecycle, because `run.attempt`, `run.waiting` and
 * `run.ended` say it and do not claim "completed" of a run that waits; messages of people, systems and
 * tools that pass through the graph, because they are no words of the agent.
 */
import type { EventBody, EventOf } from "@everthread/protocol"
import { jsonFields, jsonValue } from "./json-value.ts"
import { SaidBefore } from "./said-before.ts"
import { SaidMessage } from "./said-message.ts"
import { type Fields, isFields, type StreamEvent, textField } from "./stream-event.ts"
import { toolInput, toolOutput } from "./tool-value.ts"

type Output = EventOf<"agent">

export interface TranslatorContext {
  readonly run: string
  /** How many messages of this run have begun before: the next one's id is made from it. */
  readonly messages: number
  /** What the log has already. */
  readonly before?: SaidBefore
  /** Milliseconds since 1970. */
  now(): number
}

export class Translator {
  readonly #context: TranslatorContext
  #begun: number
  /** Messages under way, by who says them; `undefined`: one that is not the agent's, to be left out. */
  readonly #open = new Map<string, SaidMessage | undefined>()
  /** By LangGraph's id of the message, for tool calls that come to light with the node's result. */
  readonly #byGraphId = new Map<string, SaidMessage>()
  /** The newest checkpoint of each namespace: a resumed graph names it a second time. */
  readonly #checkpoints = new Map<string, { readonly id: unknown; readonly step: unknown }>()

  readonly #before: SaidBefore

  constructor(context: TranslatorContext) {
    this.#context = context
    this.#before = context.before ?? new SaidBefore()
    this.#begun = context.messages
  }

  translate(event: StreamEvent): EventBody[] {
    const { data } = event.params
    if (event.method === "custom" || event.method.startsWith("custom:")) return [this.#custom(event)]
    if (!isFields(data)) return []
    switch (event.method) {
      case "messages":
        return this.#messages(event, data)
      case "tools":
        return this.#tools(event, data)
      case "checkpoints":
        return this.#checkpoint(event, data)
      case "lifecycle":
        return event.params.namespace.length === 0 ? [] : [this.#output(event, "lifecycle", jsonFields(data))]
      case "updates":
        return this.#toolCallsOf(data)
      default:
        return []
    }
  }

  #messages(event: StreamEvent, data: Fields): EventBody[] {
    // Two calls of models in one task share a namespace, so the call is part of the key.
    const speaker = `${event.params.namespace.join("|")} ${String(data["run_id"] ?? "")}`
    if (data["event"] === "message-start") return this.#begin(event, withoutCall(data), speaker)
    const message = this.#open.get(speaker)
    if (!message) return []
    if (data["event"] !== "message-finish") return message.say(data)
    this.#open.delete(speaker)
    return [this.#output(event, "messages", jsonFields(withoutCall(data)), message.id)]
  }

  #begin(event: StreamEvent, data: Fields, speaker: string): EventBody[] {
    const role = data["role"]
    const graphId = textField(data, "id")
    const isAgents = role === undefined || role === "ai" || role === "assistant"
    if (!isAgents || (graphId !== undefined && this.#before.has(graphId))) {
      this.#open.set(speaker, undefined)
      return []
    }
    const id = `${this.#context.run}.${this.#begun++}`
    const message = new SaidMessage(id, (body) => this.#output(event, "messages", body, id))
    this.#open.set(speaker, message)
    if (graphId !== undefined) this.#byGraphId.set(graphId, message)
    const steps = this.#stepsOf(event.params.namespace)
    return [{ ...this.#output(event, "messages", jsonFields(data), id), ...(steps && { steps }) }]
  }

  /** The superstep of each task of the path behind the first; `undefined` where a graph has no checkpoints. */
  #stepsOf(namespace: readonly string[]): number[] | undefined {
    const steps = namespace.slice(1).map((_, index) => {
      const before = this.#checkpoints.get(namespace.slice(0, index + 1).join("|"))?.step
      return typeof before === "number" ? before + 1 : undefined
    })
    return steps.length > 0 && steps.every((step) => step !== undefined) ? steps : undefined
  }

  #toolCallsOf(data: Fields): EventBody[] {
    const messages = isFields(data["values"]) ? data["values"]["messages"] : undefined
    const all: unknown[] = Array.isArray(messages) ? messages : [messages]
    return all.filter(isFields).flatMap((held) => {
      const said = this.#byGraphId.get(textField(held, "id") ?? "")
      const calls = held["tool_calls"]
      return said && Array.isArray(calls) ? calls.filter(isFields).flatMap((call) => said.addToolCall(call)) : []
    })
  }

  #tools(event: StreamEvent, data: Fields): EventBody[] {
    const { event: kind, tool_call_id: call, tool_name: name } = data
    switch (kind) {
      case "tool-started":
        return [
          this.#tool(event, { event: kind, tool_call_id: call, tool_name: name, input: toolInput(data["input"]) }),
        ]
      case "tool-finished":
        return [this.#tool(event, { event: kind, tool_call_id: call, output: toolOutput(data["output"]) })]
      case "tool-error":
        return [this.#tool(event, { event: kind, tool_call_id: call, message: toolOutput(data["message"]) })]
      default:
        return []
    }
  }

  #tool(event: StreamEvent, data: Fields): Output {
    return this.#output(event, "tools", data)
  }

  /** Of subgraphs: the root's are named by whoever stores them, in the checkpoint's own step. */
  #checkpoint(event: StreamEvent, data: Fields): EventBody[] {
    const namespace = event.params.namespace.join("|")
    if (namespace === "") return []
    if (this.#checkpoints.get(namespace)?.id === data["id"]) return []
    this.#checkpoints.set(namespace, { id: data["id"], step: data["step"] })
    return [this.#output(event, "checkpoints", jsonFields(data))]
  }

  #custom(event: StreamEvent): Output {
    const { data } = event.params
    const name = event.method.startsWith("custom:") ? event.method.slice("custom:".length) : undefined
    return this.#output(event, "custom", name === undefined ? jsonFields(data) : { name, payload: jsonValue(data) })
  }

  #output(event: StreamEvent, method: Output["method"], data: Fields, message?: string): Output {
    const { namespace, node } = event.params
    return {
      type: "agent",
      time: this.#context.now(),
      run: this.#context.run,
      method,
      ns: [...namespace],
      ...(node === undefined ? {} : { node }),
      ...(message === undefined ? {} : { message }),
      data: data as Output["data"],
    }
  }
}

function withoutCall({ run_id: _, ...said }: Fields): Fields {
  return said
}
