/** Messages that people sent while somebody was away: each of its own, all of them of one size. */

/** Of a stored message, as JSON: what the other benches deliver, too. */
export const eventBytes = 200
const filler = "the quick brown fox jumps over the lazy dog and goes on to look for another one "
const numberChars = 9

/** @returns the message of this number as the server stores it. */
export function bodyOf(number: number): string {
  const id = number.toString(36).padStart(numberChars, "0")
  const event = (text: string) =>
    JSON.stringify({ type: "message", time: 1_790_000_000_000, by: { user: "ada", device: "desk" }, id, key: id, text })
  return event(filler.repeat(3).slice(0, eventBytes - event("").length))
}
