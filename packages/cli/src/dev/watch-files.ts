/** Tells when the code in some folders changes: their own files and those of the folders in them. */
import { existsSync, type FSWatcher, readdirSync, watch } from "node:fs"
import { join } from "node:path"
import type { Clock, Timer } from "@everthread/protocol"

export interface WatchParts {
  readonly folders: readonly string[]
  readonly clock: Clock
  /** Is told once for changes that come together, with one that is among them. */
  changed(file: string): void
}

/** An editor writes a file in several steps, and a branch is many files. */
const quietMs = 150
const code = /\.[cm]?[jt]sx?$|^langgraph\.json$|^\.env/
/** Nobody develops in there, and there can be very many. */
const skipped = /^(?:node_modules|\..*)$/
const foldersMax = 2_000

/** @returns stops it. */
export function watchFiles({ folders, clock, changed }: WatchParts): () => void {
  const watchers = new Map<string, FSWatcher>()
  let timer: Timer | undefined
  const forget = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const look = (folder: string, name: string | null) => {
    // One that is made anew has to be watched anew.
    if (!existsSync(folder)) forget(folder)
    watchAll()
    if (name === null || !code.test(name)) return
    if (timer) clock.stopTimer(timer)
    timer = clock.startTimer(quietMs, () => changed(join(folder, name)))
  }
  const watchAll = () => {
    for (const folder of withInner(folders)) {
      if (watchers.has(folder)) continue
      const watcher = watchFolder(folder, (name) => look(folder, name))
      if (watcher)
        watchers.set(
          folder,
          watcher.on("error", () => forget(folder)),
        )
    }
  }
  watchAll()
  return () => {
    if (timer) clock.stopTimer(timer)
    for (const watcher of watchers.values()) watcher.close()
  }
}

/** @returns `undefined` for one that has gone meanwhile, or where the system watches no more of them. */
function watchFolder(folder: string, look: (name: string | null) => void): FSWatcher | undefined {
  try {
    return watch(folder, (_event, name) => look(name))
  } catch {
    return undefined
  }
}

function withInner(folders: readonly string[]): string[] {
  const found = [...new Set(folders)]
  // The list grows while it is walked.
  for (const folder of found) {
    if (found.length >= foldersMax) break
    found.push(...innerOf(folder).filter((inner) => !found.includes(inner)))
  }
  return found
}

function innerOf(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    const inner = entries.filter((entry) => entry.isDirectory() && !skipped.test(entry.name))
    return inner.map(({ name }) => join(folder, name))
  } catch {
    return [] // It has gone meanwhile.
  }
}
