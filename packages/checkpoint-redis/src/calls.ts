/**
 * Calling scripts: every request has a nonce that its reply has to carry back. A client library that mixes two replies
 * up, which happens around reconnects, must never show one thread's words in another.
 */
import { ReplyMismatchError } from "./errors.ts"
import type { Random } from "./random.ts"
import { arrayOf, textIn } from "./reply.ts"
import type { Script, ScriptRunner } from "./script.ts"

export type Argument = string | Buffer | number

export interface Call {
  readonly keys: readonly string[]
  /** Without the nonce. */
  readonly args: readonly Argument[]
}

/** @returns the reply without its nonce. */
export type CallScript = (script: Script, call: Call) => Promise<readonly unknown[]>

const nonceChars = 12

export function scriptCaller(runner: ScriptRunner, random: Random): CallScript {
  const origin = random.id(nonceChars)
  let calls = 0
  return async (script, { keys, args }) => {
    const nonce = `${origin}-${++calls}`
    const texts = args.map((arg) => (typeof arg === "number" ? String(arg) : arg))
    const [echo, ...reply] = arrayOf(await runner.run(script, keys, [nonce, ...texts]))
    if (textIn(echo) === nonce) return reply
    throw new ReplyMismatchError(`The script ${script.name} got the reply to another request; it was not used.`)
  }
}
