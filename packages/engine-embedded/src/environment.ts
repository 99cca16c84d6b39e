/** Opening the LMDB environment of a folder, with every way in which that fails said in a sentence. */
import { accessSync, constants, mkdirSync, statSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { EngineError } from "@everthread/engine"
import { open, type RootDatabase } from "lmdb"
import { globalKeys, type StoreKey } from "./keys.ts"
import type { Tables } from "./tables.ts"

const formatVersion = "1"

export interface Environment {
  readonly root: RootDatabase<string, StoreKey>
  readonly tables: Tables
}

/** Makes sure that there is a folder that can be written to. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw unusable(`${folder} cannot be used as a data folder`, "Give a folder that this process may write to", cause)
  }
}

/** Opens what is stored in the folder, or begins it. */
export function openEnvironment(folder: string): Environment {
  const path = join(folder, "store")
  try {
    const root = open<string, StoreKey>({
      path,
      encoding: "string",
      // A commit is flushed before it is visible; see group-commit.ts.
      overlappingSync: false,
      // With it on, lmdb-js leaves a rejected promise of its own behind when a commit fails, and that ends the process.
      eventTurnBatching: false,
    })
    lengthen(root, path)
    const checkpoints = root.openDB<Buffer, StoreKey>("checkpoints", { encoding: "binary" })
    const tables = { records: root.openDB<string, StoreKey>("records", { encoding: "string" }), checkpoints }
    checkFormat(tables)
    return { root, tables }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw unusable(`What is stored in ${folder} cannot be read`, "Restore a backup, or use another folder", cause)
  }
}

/**
 * Makes the file as long as its root page says. Reading behind the end of a mapped file would end the process; a page
 * of zeros is an error that can be caught. (Free pages at the end need not have been written: shorter is not broken.)
 */
function lengthen(root: RootDatabase<string, StoreKey>, path: string): void {
  const { pageSize, lastPageNumber } = root.getStats() as { pageSize: number; lastPageNumber: number }
  const file = join(path, "data.mdb")
  const bytes = (lastPageNumber + 1) * pageSize
  if (statSync(file).size < bytes) truncateSync(file, bytes)
}

function checkFormat({ records }: Tables): void {
  const found = records.get(globalKeys.format)
  if (found === undefined) records.putSync(globalKeys.format, formatVersion)
  else if (found !== formatVersion) {
    throw unusable(
      `The store has the layout ${found}, this program knows ${formatVersion}`,
      "Use the program's other version",
    )
  }
}

function unusable(what: string, remedy: string, cause?: unknown): EngineError {
  const why = cause instanceof Error ? ` (${cause.message})` : ""
  return new EngineError("unusable", `${what}${why}. ${remedy}.`, { cause })
}
