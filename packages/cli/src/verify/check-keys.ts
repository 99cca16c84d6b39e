/**
 * Whether an idempotency key that the store remembers points to where its message was stored, so that a repeat is told
 * so. (SPEC VER6)
 *
 * Which keys there are the log says: each message carries its own. One that was used again after it was forgotten points
 * to the later place, which is right.
 */
import type { EngineReader, Repeated } from "@everthread/engine"
import { seqOf } from "@everthread/protocol"
import type { Report } from "./finding.ts"
import type { KeyedMessage } from "./log-facts.ts"

/** Asked at a time: a round trip is waited for once for all of them. */
const askedMax = 64
/** A key is remembered for a day; nodes' clocks may differ, so only what is missing long before that is missing. */
const surelyKnownMs = 12 * 60 * 60 * 1_000
const minuteMs = 60_000

export async function checkKeys(
  reader: EngineReader,
  conversation: string,
  keyed: readonly KeyedMessage[],
  report: Report,
): Promise<void> {
  if (keyed.length === 0) return
  const now = await reader.wallTime()
  for (let from = 0; from < keyed.length; from += askedMax) {
    const some = keyed.slice(from, from + askedMax)
    const places = await Promise.all(some.map(({ key }) => reader.log.repeated(conversation, key)))
    for (const [index, message] of some.entries()) {
      const place = places[index]
      if (place) await checkPlace(reader, conversation, message, place, report)
      else checkForgotten(message, now, report)
    }
  }
}

async function checkPlace(
  { log }: EngineReader,
  conversation: string,
  message: KeyedMessage,
  { cursor }: Repeated,
  report: Report,
): Promise<void> {
  if (cursor === message.cursor) return
  const isBefore = seqOf(cursor) < message.seq
  const read = isBefore ? undefined : await log.read(conversation, cursor, { entriesMax: 1, charsMax: 1 })
  if (read?.status !== "tail") report("key-astray", message.seq, cursor)
}

function checkForgotten({ seq, time }: KeyedMessage, now: number, report: Report): void {
  const ageMs = now - time
  if (ageMs >= 0 && ageMs < surelyKnownMs) report("key-missing", seq, String(Math.floor(ageMs / minuteMs)))
}
