/** The two keys of a thread, and which thread a key belongs to. */

const namespace = "cp:"
const [opening, closing] = [`${namespace}{`, "}:"]

/** The keys of all threads, for SCAN, where `keyPrefixOf` is the default one. */
export const threadKeyPattern = `${namespace}{*}:order`

/**
 * The default of the option of that name: `cp:{<thread>}:`, the thread's id escaped so that it cannot end the hash tag.
 * @throws if the id is text that no URI can carry (half of a surrogate pair).
 */
export const keyPrefixOf = (thread: string): string => `${opening}${encodeURIComponent(thread)}${closing}`

export const threadKeys = (prefix: string): readonly [thread: string, order: string] => [
  `${prefix}thread`,
  `${prefix}order`,
]

/** @returns the id of the thread that a key found by `threadKeyPattern` belongs to. */
export function threadIdOf(key: string): string | undefined {
  const end = key.lastIndexOf(closing)
  return key.startsWith(opening) && end > 0 ? decodeURIComponent(key.slice(opening.length, end)) : undefined
}
