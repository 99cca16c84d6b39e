/** What a server says no with, and how the client library's errors are told apart from it. */
import { EngineError } from "@everthread/engine"
import { ErrorReply } from "@redis/client"
import { type ServerAddress, serverName } from "./target.ts"

/** The server understood the call and refused it: nothing was done. `code` is the error's first word: `MOVED`. */
export class ServerError extends Error {
  override readonly name = "ServerError"
  readonly code: string

  constructor(message: string) {
    super(message)
    this.code = message.slice(0, /[^A-Z]|$/.exec(message)?.index)
  }
}

/** @returns a server's refusal for people: where in a script of ours it arose says nothing to them. */
export const saidBy = (refusal: string): string => refusal.replace(/ script: [0-9a-f]{40}, on @user_script:\d+\.$/, "")

/** These were never written to the connection, so nothing can have come of them. */
const neverSent = new Set(["ClientClosedError", "ClientOfflineError"])
const queueIsFull = "The queue is full"

/** @returns what a call that failed is answered with. */
export function failureOf(error: unknown, address: ServerAddress, reason: string): Error {
  if (error instanceof ErrorReply) return new ServerError(error.message)
  const isUnsent = error instanceof Error && (neverSent.has(error.constructor.name) || error.message === queueIsFull)
  if (!isUnsent) return new EngineError("unknown", `Redis at ${serverName(address)} gave no answer: ${reason}`)
  const why = error.message === queueIsFull ? "too many calls wait for its answers" : reason
  return new EngineError("unavailable", `Redis at ${serverName(address)} was not asked: ${why}`)
}

/** What has to change at the server or in the URL before it lets anybody in, by the first word of its refusal. */
const mended: Readonly<Record<string, string>> = {
  WRONGPASS: "the user name or the password in redis.url is wrong",
  NOAUTH: "it wants a password: redis://:PASSWORD@…, or redis://USER:PASSWORD@…",
  NOPERM: "the user in redis.url may not do what Everthread needs: docs/redis.md has the ACL rule that suffices",
  NOPROTO: "it does not speak RESP3: Redis 7.0 or Valkey is needed",
  DENIED: "it is in protected mode: give it a password, or bind it to an address of its own",
}

/** What to look at where the system's own word for it says too little. */
function hintOf(reason: string): string {
  if (reason.includes("ECONNREFUSED")) return ". Nothing listens there: start it, or correct redis.url."
  return reason.includes("ENOTFOUND") ? ". There is no such host: correct redis.url." : ""
}

/**
 * @returns why a connection could not be made: `unusable` where the same try cannot succeed, `unavailable` otherwise.
 */
export function connectFailure(error: unknown, address: ServerAddress, reason: string): EngineError {
  const at = `Redis at ${serverName(address)}`
  if (!(error instanceof ErrorReply)) {
    return new EngineError("unavailable", `${at} cannot be reached: ${reason}${hintOf(reason)}`, { cause: error })
  }
  const { code, message } = new ServerError(error.message)
  if (/^ERR (SELECT is not|DB index)/.test(message)) {
    const text = `${at} has no such database (${message}): a Redis Cluster has only 0, others as many as they are configured for.`
    return new EngineError("unusable", text, { cause: error })
  }
  // Redis explains a missing password with the commands of its protocol, on three lines.
  const said = code === "NOAUTH" ? code : message
  const mend = mended[code]
  if (mend) return new EngineError("unusable", `${at} lets nobody in (${said}): ${mend}.`, { cause: error })
  return new EngineError("unavailable", `${at} lets nobody in: ${message}`, { cause: error })
}

/** @returns what a command that Everthread cannot do without was refused with, as an error that says what to grant. */
export function refusalOf(error: ServerError, command: string, address: ServerAddress): EngineError {
  const mend = mended[error.code]
  const text = `Redis at ${serverName(address)} refused ${command} (${error.message})${mend ? `: ${mend}` : ""}.`
  return new EngineError(mend ? "unusable" : "unavailable", text, { cause: error })
}
