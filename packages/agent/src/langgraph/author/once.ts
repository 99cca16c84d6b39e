/**
 * `once`: does something that has consequences, and keeps its result, so that another attempt of the run gets the result
 * instead of a second payment. (SPEC TOO1, TOO2)
 *
 * Between the consequence and the keeping a process can die. Then it is done again under the same key, and told so: an
 * API that knows the key does it once, and of any other one can ask what became of it.
 */
import { outputLimits } from "../../options.ts"
import type { RunEffects } from "../../run-effects.ts"
import { alone } from "./alone.ts"
import { type AuthorConfig, toolKey } from "./tool-key.ts"

/** Where a worker puts what `once` works with: into `config.configurable`. */
export const effectsKey = "__everthread_effects"

export interface OnceCall {
  /** The same whenever this is tried again. */
  readonly key: string
  /** It was begun before, and nobody knows how far it came. */
  readonly again: boolean
}

/** What was done cannot be kept: it is no JSON, or too long. It has happened all the same. */
export class OnceResultError extends Error {
  override readonly name = "OnceResultError"
}

/** Another node owns the run by now. A graph that fails with this ends its attempt, not its run. */
export class FencedError extends Error {
  override readonly name = "FencedError"
}

type Do<T> = (call: OnceCall) => T | Promise<T>

/**
 * @param config what LangGraph gave to the node or the tool.
 * @param name what is done, where it is not done by a tool call, or where one call does several things.
 * @param run its result has to be JSON of at most `outputLimits.effectBytesMax` bytes; `undefined` becomes `null`.
 * @returns the result, as it comes back from JSON. Outside of Everthread `run` is just called.
 */
export function once<T>(config: AuthorConfig, run: Do<T>): Promise<T>
export function once<T>(config: AuthorConfig, name: string, run: Do<T>): Promise<T>
export async function once<T>(config: AuthorConfig, nameOrRun: string | Do<T>, named?: Do<T>): Promise<T> {
  const name = typeof nameOrRun === "string" ? nameOrRun : undefined
  const run = (named ?? nameOrRun) as Do<T>
  const key = toolKey(config, name)
  const effects = config.configurable?.[effectsKey] as RunEffects | undefined
  if (!effects) return run({ key, again: false })
  return JSON.parse(await alone(effects, key, () => doneOnce(effects, key, run))) as T
}

/** @returns the result that is kept, as JSON text. */
async function doneOnce<T>(effects: RunEffects, key: string, run: Do<T>): Promise<string> {
  const begun = await effects.begin(key)
  if (begun.status === "done") return begun.value
  if (begun.status === "fenced") throw new FencedError(`${key} was not begun: this attempt of the run is over.`)
  return keep(effects, key, await run({ key, again: begun.status === "again" }))
}

async function keep(effects: RunEffects, key: string, result: unknown): Promise<string> {
  const finished = await effects.finish(key, textOf(key, result))
  if (finished.status === "fenced")
    throw new FencedError(`The result of ${key} was not kept: another node owns the run.`)
  return finished.value
}

function textOf(key: string, result: unknown): string {
  const text = jsonText(key, result)
  const bytes = new TextEncoder().encode(text).byteLength
  const { effectBytesMax } = outputLimits
  if (bytes <= effectBytesMax) return text
  throw new OnceResultError(
    `The result of ${key} has ${bytes} bytes of JSON; once() keeps at most ${effectBytesMax} (effectBytesMax): return what names it.`,
  )
}

function jsonText(key: string, result: unknown): string {
  try {
    return JSON.stringify(result ?? null) ?? "null"
  } catch (cause) {
    throw new OnceResultError(`The result of ${key} is no JSON.`, { cause })
  }
}
