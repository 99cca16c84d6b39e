/**
 * The app as people get it. `npm test` builds it once and names the folder in EVERTHREAD_BUILT_APP; otherwise each file of tests
 * that asks builds what the sources say now, into a folder of its own.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("../../build/build.mjs", import.meta.url))

export interface BuiltApp {
  readonly folder: string
  /** Only what was built for whoever asked. */
  remove(): void
}

export function buildApp(): BuiltApp {
  const built = process.env["EVERTHREAD_BUILT_APP"]
  return built === undefined ? buildNow() : { folder: built, remove: () => {} }
}

function buildNow(): BuiltApp {
  const folder = mkdtempSync(join(tmpdir(), "everthread-web-"))
  const built = spawnSync(process.execPath, [script, folder], { encoding: "utf8" })
  if (built.status !== 0) throw new Error(`The app cannot be built: ${built.stderr}`)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
