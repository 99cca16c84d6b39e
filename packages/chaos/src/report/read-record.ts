/**
 * Reads `history.jsonl` line by line: a long run's history does not fit into memory at once, a line of it does. A run that was
 * killed leaves half a line at the end; such a line is counted and not believed.
 */
import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import type { RecordLine } from "../record/record.ts"

export type Unreadable = { readonly type: "unreadable" }

export async function* readRecord(file: string): AsyncGenerator<RecordLine | Unreadable> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") yield lineOf(line)
  }
}

function lineOf(line: string): RecordLine | Unreadable {
  try {
    return JSON.parse(line) as RecordLine
  } catch {
    return { type: "unreadable" }
  }
}
