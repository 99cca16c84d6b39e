/** Tells when the code in some folders changes: their own files and those of the folders in them. */
import { type FSWatcher, readdirSync, watch } from "node:fs"
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
  const look = (folder: string, name: string | null) => {
    // A folder may be new, and what is in it is to be watched, too.
    watchAll()
    if (name === null || !code.test(name)) return
    if (timer) clock.stopTimer(timer)
    timer = clock.startTimer(quietMs, () => changed(join(folder, name)))
  }
  const watchAll = () => {
    for (const folder of withInner(folders)) {
      if (watchers.has(folder)) continue
      const forget = () => {
        watchers.get(folder)?.close()
        watchers.delete(folder)
      }
      const watcher = watch(folder, (_event, name) => look(folder, name))
      watchers.set(folder, watcher.on("error", forget))
    }
  }
  watchAll()
  return () => {
    if (timer) clock.stopTimer(timer)
    for (const watcher of watchers.values()) watcher.close()
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
