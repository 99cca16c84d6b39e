/** A hash as scripts give it: names and values by turns. */
import type { Reply } from "./connection/link.ts"

export function pairsOf(reply: Reply | undefined): [name: string, value: string][] {
  const flat = reply as readonly string[]
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([String(flat[at]), String(flat[at + 1])])
  return pairs
}
