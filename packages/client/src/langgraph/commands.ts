/** What LangChain's side asks for, as calls of our own client. Each rejects with what the server said. */
import { type Json, type WhenBusy, wireError } from "@everthread/protocol"
import { keyOf, readHuman } from "@everthread/protocol/langgraph"
import type { Client } from "../client.ts"
import type { Conversation, SendOptions } from "../conversation.ts"
import { agentFor, enter, viewAt } from "../entrance.ts"
import { RequestError } from "../errors.ts"

type Fields = { readonly [field: string]: unknown }

export interface CommandContext {
  readonly client: Client
  /** The conversation: LangGraph's `thread_id`. */
  readonly thread: string
  /** Has the thread's events told from now on, the shown run from its beginning. @returns the subscription's id. */
  subscribe(): Promise<string>
}

type Handler = (context: CommandContext, params: Fields) => Promise<object>

const handlers: { readonly [method: string]: Handler } = {
  "run.start": runStart,
  "input.respond": respond,
  "input.inject": inject,
  "subscription.subscribe": async (context) => ({ subscription_id: await context.subscribe() }),
  // Events are for all subscriptions, which pick what they want: there is nothing to end.
  "subscription.unsubscribe": async () => ({}),
}

export async function execute(context: CommandContext, method: string, params: unknown): Promise<object> {
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
  if (!handler) return refuse("unknown_command", "method", `${method} is not served: use the conversation's own calls`)
  // A copy: what the page goes on changing is not what it sent.
  return handler(context, JSON.parse(JSON.stringify(params ?? {})) as Fields)
}

/** The message's own id is its key, so that a command that is repeated is one message and one run. (SPEC LGR4) */
async function runStart({ client, thread }: CommandContext, params: Fields): Promise<object> {
  if (checkpointOf(params) !== undefined) refuse("unknown_command", "config", "a thread goes on from where it is")
  const busy = whenBusyOf(params["multitaskStrategy"])
  const conversation = await enter(client, thread)
  const agent = assistantNamed(params["assistant_id"]) ?? (await agentFor(client, conversation))
  const options = { ...(agent === undefined ? {} : { agent }), ...(busy === undefined ? {} : { whenBusy: busy }) }
  const ref = await say(conversation, params["input"], options)
  const run = conversation.snapshot().state.runs.find(({ message }) => message === ref)
  return run ? { run_id: run.id } : {}
}

async function inject({ client, thread }: CommandContext, { message }: Fields): Promise<object> {
  await say(await enter(client, thread), { messages: [message] }, { whenBusy: "steer" })
  return {}
}

async function respond({ client, thread }: CommandContext, params: Fields): Promise<object> {
  if (params["update"] !== undefined || params["goto"] !== undefined) {
    refuse("unknown_command", "update", "a question is answered with a response, and nothing beside it")
  }
  const responses = Array.isArray(params["responses"]) ? (params["responses"] as Fields[]) : [params]
  const conversation = await enter(client, thread)
  for (const { interrupt_id: interrupt, response = null } of responses) {
    if (typeof interrupt !== "string") refuse("invalid_field", "interrupt_id", "name the question that is answered")
    await conversation.respond(interrupt as string, response as Json)
  }
  return {}
}

/** @returns the message's id in the log, which is here when this resolves. */
async function say(conversation: Conversation, input: unknown, options: SendOptions): Promise<string | undefined> {
  const human = readHuman(input)
  if (!human.ok) return refuse("invalid_field", human.field, human.reason)
  const named = typeof human.id === "string" ? { key: keyOf(human.id) } : {}
  const { seq, ref } = await conversation.send(human.text, { ...options, ...named })
  await viewAt(conversation, seq)
  return ref
}

/** What LangChain's hook calls an assistant that the page has not named. */
const unnamed = "_"

function assistantNamed(assistant: unknown): string | undefined {
  return typeof assistant === "string" && assistant !== "" && assistant !== unnamed ? assistant : undefined
}

const strategies: readonly unknown[] = ["enqueue", "interrupt", "reject"] satisfies WhenBusy[]

function whenBusyOf(strategy: unknown): WhenBusy | undefined {
  if (strategy === undefined || strategy === null) return undefined
  if (strategies.includes(strategy)) return strategy as WhenBusy
  return refuse("invalid_field", "multitaskStrategy", "it takes enqueue, interrupt or reject")
}

function checkpointOf({ config }: Fields): unknown {
  return (config as { configurable?: Fields } | undefined)?.configurable?.["checkpoint_id"]
}

function refuse(code: "invalid_field" | "unknown_command", field: string, reason: string): never {
  throw new RequestError(wireError(code, { field, message: `${field}: ${reason}` }))
}
