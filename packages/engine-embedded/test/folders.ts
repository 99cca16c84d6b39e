/** Folders for tests: made anew, and taken away when the test file is done. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const made: string[] = []

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "everthread-embedded-"))
  made.push(folder)
  return folder
}

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})
