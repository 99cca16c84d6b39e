/** The app as people get it: built into a folder of its own, once for each file of tests that asks. */
import { spawnSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("../../build/build.mjs", import.meta.url))

/** @returns the folder; whoever asked removes it. */
export function buildApp(): string {
  const folder = mkdtempSync(join(tmpdir(), "everthread-web-"))
  const built = spawnSync(process.execPath, [script, folder], { encoding: "utf8" })
  if (built.status !== 0) throw new Error(`The app cannot be built: ${built.stderr}`)
  return folder
}
