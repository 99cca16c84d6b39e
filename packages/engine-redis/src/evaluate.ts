/** One script call on one connection: how it is asked, and that the answer is its own. */
import { EngineError } from "@everthread/engine"
import type { Link, Reply } from "./connection/link.ts"
import type { Script } from "./script.ts"

export interface Call {
  readonly script: Script
  readonly partition: number
  readonly keys: readonly [string, ...string[]]
  /** Without the nonce of the request, which comes first. */
  readonly args: readonly (string | Buffer)[]
  /** The nonce, where the caller has one of its own: an append's. */
  readonly nonce?: string
  /**
   * The nonce names a lineage: a try after one that may have been done has a fresh one. Otherwise tries share theirs.
   * Where a server was lost, and what it had done, the repeat may come to the same place behind other entries.
   */
  readonly namesLineage?: boolean
  /** The key that the answer names. Default: the first. */
  readonly answersFor?: string
  /** A repeat is harmless, whatever the script says of itself. */
  readonly repeatable?: boolean
  /** The script is not of this package: it answers with bytes, and names the request but no key. */
  readonly isForeign?: boolean
}

/** `text` where the script answers with one text, `list` where it answers with a list. */
export interface Answer {
  /** Of the try that was answered. */
  readonly nonce: string
  readonly text: string
  readonly list: readonly Reply[]
}

export interface Manner {
  /** With the script's text: the server does not know its hash. Its cache is neither replicated nor persisted. */
  readonly inFull?: boolean
  /** The server has the slot only for those who say that they were sent. */
  readonly asking?: boolean
}

/**
 * @throws ServerError what the server refused.
 * @throws EngineError `unavailable` if it was not sent, `unknown` if no answer came, or not this call's.
 */
export function evaluate(link: Link, call: Call, nonce: string, manner?: Manner): Promise<Answer> {
  const { script, keys, args } = call
  const text = manner?.inFull ? script.lua : script.sha1
  const command = [manner?.inFull ? "EVAL" : "EVALSHA", text, String(keys.length), ...keys, nonce, ...args]
  // Right before it in the same turn: ASKING holds for the connection's next command only.
  if (manner?.asking) link.send(["ASKING"]).catch(() => undefined)
  return link.send(command, call.isForeign).then((reply) => answerOf(reply, call, nonce, link))
}

function answerOf(reply: Reply, call: Call, nonce: string, link: Link): Answer {
  const key = call.answersFor ?? call.keys[0]
  if (Array.isArray(reply)) {
    const list = reply as readonly Reply[]
    if (call.isForeign && String(list[0]) === nonce) return { nonce, text: "", list: list.slice(1) }
    if (list[0] === nonce && list[1] === key) return { nonce, text: "", list: list.slice(2) }
  } else if (typeof reply === "string") {
    const ending = ` ${nonce} ${key}`
    if (reply.endsWith(ending)) return { nonce, text: reply.slice(0, -ending.length), list: [] }
  }
  link.close("it gave one request the answer to another")
  throw new EngineError("unknown", `Redis answered ${call.script.name} with the answer to another request.`)
}
