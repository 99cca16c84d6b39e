/** A record in a folder of its own, and the page that is made of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { RecordLine } from "../../src/record/record.ts"
import { writeReport } from "../../src/report/write-report.ts"

const folders: string[] = []

export const jsonLines = (lines: readonly RecordLine[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join("")

/** @returns the folder. */
export function recorded(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "everthread-report-"))
  folders.push(folder)
  writeFileSync(join(folder, "history.jsonl"), text)
  return folder
}

/** @returns the path of the page. */
export function written(lines: readonly RecordLine[]): Promise<string> {
  return writeReport(recorded(jsonLines(lines)))
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
