/**
 * Makes a folder and those above it that are missing.
 *
 * Not with mkdir's `recursive`: where the system lets nobody make anything, as in /proc, and says "there is no
 * such folder", Node 20 tries again for ever.
 */
import { mkdirSync, statSync } from "node:fs"
import { dirname } from "node:path"

/** @throws the system's error for the first folder that cannot be made. */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else may have made it in the meantime.
    if (!isFolder(folder)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
