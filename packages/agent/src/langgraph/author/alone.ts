/**
 * Has one key of one attempt worked on by one call at a time: others that come meanwhile get what it gets. (SPEC TOO1)
 *
 * The store takes the second for a later attempt, which finds something begun and does it again.
 */
import { AsyncLocalStorage } from "node:async_hooks"

const underWay = new WeakMap<object, Map<string, Promise<string>>>()
/** The keys whose work the caller is a part of. To wait for one of them would be to wait for itself. */
const around = new AsyncLocalStorage<readonly string[]>()

/** @throws Error where the work itself asks for its key. */
export async function alone(attempt: object, key: string, work: () => Promise<string>): Promise<string> {
  const outer = around.getStore() ?? []
  if (outer.includes(key))
    throw new Error(`once() was called for ${key} by what it does under that very key: give each a name.`)
  const keys = underWay.get(attempt) ?? new Map<string, Promise<string>>()
  underWay.set(attempt, keys)
  const first = keys.get(key)
  if (first) return first
  const done = around.run([...outer, key], work).finally(() => keys.delete(key))
  keys.set(key, done)
  return done
}
