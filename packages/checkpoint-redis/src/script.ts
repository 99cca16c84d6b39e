/**
 * The port to Redis: one function that runs one script. Whoever has a client of another kind, or wants routing,
 * deadlines or metrics, writes one; those for node-redis and ioredis are in `runners/`.
 */
import { createHash } from "node:crypto"

export interface Script {
  /** For people and metrics. */
  readonly name: string
  readonly lua: string
  /** By which EVALSHA knows it. */
  readonly sha1: string
  /** Whether it changes nothing. */
  readonly readOnly: boolean
}

export interface ScriptRunner {
  /**
   * Runs a script, by EVALSHA and after NOSCRIPT by EVAL. Every key it touches is in `keys`, and all have one hash tag.
   *
   * @returns the reply as RESP has it: arrays as arrays, integers as numbers, nil as `null` or `undefined`, and every
   *   bulk string as `Buffer`, because values are bytes. It is always an array whose first element is `args[0]`, the
   *   request's nonce: a runner may check that, and the saver does.
   * @throws what the client or the server says. A call that may or may not have been made can be made again.
   */
  run(script: Script, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<unknown>
}

/** The text as it stands: an escape such as `\0` is Lua's own. */
export const lua = String.raw

export function defineScript(
  name: string,
  parts: readonly string[],
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Script {
  const text = parts.join("")
  return { name, lua: text, sha1: createHash("sha1").update(text).digest("hex"), readOnly }
}
