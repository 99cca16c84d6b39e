/**
 * Who may write: a fence is a number that only rises, given to one owner after the other, and a nonce of that claim.
 * An owner puts its own into `config.configurable.__fence`; the store knows the current one and compares in the same
 * step that writes.
 */
import type { RunnableConfig } from "@langchain/core/runnables"

/** The key under which an owner's fence travels; LangGraph keeps keys that begin so out of the metadata. */
export const fenceConfigKey = "__fence"

export interface Fence {
  readonly number: number
  /** Of the claim; without ":". */
  readonly nonce: string
}

/** Where the current fence of a thread stands: in a field whose text begins with `<number>:<nonce>:`. */
export interface FenceOptions {
  /** The key of a hash, with the hash tag of the thread's own keys. */
  key(threadId: string): string
  /** The field of that hash. */
  readonly field: string
  /** Called before the `FencedError` is thrown, so that whoever writes can be stopped at once. */
  onFenced?(threadId: string): void
}

/** What a writing script is told: an additional key, and two arguments. */
export interface FenceCheck {
  readonly keys: readonly string[]
  readonly args: readonly [field: string, text: string]
}

/** @throws if the config carries a fence that is none, or that the saver was not told how to check. */
export function fenceCheck(options: FenceOptions | undefined, config: RunnableConfig, thread: string): FenceCheck {
  const fence: unknown = config.configurable?.[fenceConfigKey]
  if (fence === undefined) return { keys: [], args: ["", ""] }
  if (!options)
    throw new Error(`configurable.${fenceConfigKey} cannot be checked: the saver was given no option "fence".`)
  if (!isFence(fence)) throw new Error(`configurable.${fenceConfigKey} must be {number, nonce}, the nonce without ":".`)
  return { keys: [options.key(thread)], args: [options.field, `${fence.number}:${fence.nonce}:`] }
}

function isFence(value: unknown): value is Fence {
  const { number, nonce } = (value ?? {}) as Partial<Fence>
  return Number.isSafeInteger(number) && typeof nonce === "string" && nonce !== "" && !nonce.includes(":")
}
