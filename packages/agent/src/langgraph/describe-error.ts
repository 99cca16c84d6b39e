/** Says in one sentence, for people who did not write the graph, why it failed. The stack and the whole text go to the operator. */
import { outputLimits } from "../options.ts"
import { withoutSecrets } from "../without-secrets.ts"

const sentences: readonly (readonly [test: (error: ErrorLike) => boolean, sentence: string])[] = [
  [(error) => error.name === "GraphRecursionError", "The agent took too many steps without coming to an end."],
  [
    (error) => error.name === "CheckpointUnreadableError",
    "What the agent remembers of this conversation cannot be read. Fork it from an earlier checkpoint, or begin a new conversation; what was said stays here.",
  ],
  [
    (error) => error.name === "CheckpointTooLargeError",
    "What the agent remembers of this conversation has grown too large. Begin a new conversation, or have its author shorten what it keeps.",
  ],
  [(error) => error.status === 401 || error.status === 403, "The model's provider refused the agent's API key."],
  [(error) => error.status === 429, "The model's provider refuses more requests at the moment; try again later."],
  [
    (error) => /timeout|timed out|ETIMEDOUT/i.test(`${error.name} ${error.message}`),
    "The agent waited too long for something it needs.",
  ],
  [
    (error) => /ECONNREFUSED|ENOTFOUND|ECONNRESET|Connection error/i.test(`${error.code} ${error.message}`),
    "The agent could not reach a service it needs.",
  ],
]

interface ErrorLike {
  readonly name: string
  readonly message: string
  readonly status: unknown
  readonly code: string
}

export function describeError(thrown: unknown): string {
  const error = likeError(thrown)
  const known = sentences.find(([test]) => test(error))?.[1]
  const text = withoutSecrets(error.message)
  const own = text === "" ? error.name : `${error.name}: ${text}`
  // Whoever shows it says by itself that the agent failed, and an error that is nothing but one need not be called so.
  return bounded(known === undefined ? own.replace(/^Error: /, "") : `${known} (${own})`)
}

function likeError(thrown: unknown): ErrorLike {
  if (typeof thrown !== "object" || thrown === null)
    return { name: "Error", message: String(thrown), status: 0, code: "" }
  const fields = thrown as Partial<Record<keyof ErrorLike, unknown>>
  return {
    name: String(fields.name ?? "Error"),
    // A message's first line says it; models' errors go on with links for their programmers.
    message: String(fields.message ?? "").split("\n", 1)[0] ?? "",
    status: fields.status,
    code: String(fields.code ?? ""),
  }
}

function bounded(text: string): string {
  const max = outputLimits.errorCharsMax
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`
}
