/** The key of an answer that its client gives without one. */
import { hash } from "node:crypto"
import type { Json } from "@everthread/protocol"

/**
 * The same answer to the same question is a repeat. Another one is not: all pages of a user are one device, and whoever is
 * late in a second one is to be told that, and not that a key was used before.
 *
 * @param mark which no message's key has.
 */
export function answerKey(mark: string, interrupt: string, value: Json): string {
  return `${mark}${hash("sha256", JSON.stringify([interrupt, value]), "base64url")}`
}
