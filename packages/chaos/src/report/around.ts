/** The entries of a log near what was found: those that it names, by place or by text, and some on either side of each. */
import type { LogEvent } from "@everthread/protocol"
import type { Finding, History, StoredEntry } from "@everthread/sim"
import type { EntryData } from "./report-data.ts"

const oneSide = 3
const entriesMax = 40
const textMax = 400
/** A shorter text is in many sentences by chance. */
const namingTextMin = 4

export function entriesAround({ what }: Finding, { log }: History): EntryData[] {
  const named = new Set(log.flatMap((entry, index) => (isNamed(entry, what) ? [index] : [])))
  // What names nothing that is stored, such as a message that is missing, is told with the end of the log.
  const middles = named.size === 0 ? [log.length - 1] : [...named]
  const near = log.flatMap((entry, index) =>
    middles.some((middle) => Math.abs(middle - index) <= oneSide) ? [dataOf(entry, named.has(index))] : [],
  )
  return near.slice(0, entriesMax)
}

function isNamed({ cursor, event }: StoredEntry, what: string): boolean {
  const text = "text" in event && typeof event.text === "string" ? event.text : ""
  return namesWord(what, cursor) || (text.length >= namingTextMin && namesWord(what, text))
}

/** Not as a part of a longer word: `talk 1` is not named by `talk 12`. */
function namesWord(what: string, word: string): boolean {
  for (let at = what.indexOf(word); at !== -1; at = what.indexOf(word, at + 1)) {
    if (!isWordy(what[at - 1]) && !isWordy(what[at + word.length])) return true
  }
  return false
}

const isWordy = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char)

function dataOf({ cursor, event }: StoredEntry, isNamed: boolean): EntryData {
  const { type, seq: _, ...rest } = event as LogEvent & Readonly<Record<string, unknown>>
  return { cursor, type, text: shortened(JSON.stringify(rest)), isNamed }
}

const shortened = (text: string): string => (text.length > textMax ? `${text.slice(0, textMax)}…` : text)
