/** Opening the LMDB environment of a folder, with every way in which that fails said in a sentence. */
import { accessSync, constants } from "node:fs"
import { join } from "node:path"
import { EngineError } from "@everthread/engine"
import { open, type RootDatabase } from "lmdb"
import { checkDataFile, lengthenDataFile } from "./data-file.ts"
import { globalKeys, type StoreKey } from "./keys.ts"
import { makeFolder } from "./make-folder.ts"
import type { Tables } from "./tables.ts"
import { unusable } from "./unusable.ts"

const formatVersion = "1"

export interface Environment {
  readonly root: RootDatabase<string, StoreKey>
  readonly tables: Tables
}

/** Makes sure that there is a folder that can be written to. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder)
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw unusable(`${folder} cannot be used as a data folder`, "Give a folder that this process may write to", cause)
  }
}

/** Opens what is stored in the folder, or begins it. */
export async function openEnvironment(folder: string): Promise<Environment> {
  try {
    const path = join(folder, "store")
    makeFolder(path)
    return await openTables(path)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw unusable(
      `What is stored in ${folder} cannot be read`,
      "Make room, restore a backup, or use another folder",
      cause,
    )
  }
}

async function openTables(path: string): Promise<Environment> {
  const file = join(path, "data.mdb")
  checkDataFile(file)
  const root = open<string, StoreKey>({
    path,
    encoding: "string",
    // A commit is flushed before it is visible; see group-commit.ts.
    overlappingSync: false,
    // With it on, lmdb leaves a rejected promise of its own behind when a commit fails, and that ends the process.
    eventTurnBatching: false,
  })
  try {
    lengthenDataFile(file, root.getStats() as { pageSize: number; lastPageNumber: number })
    const checkpoints = root.openDB<Buffer, StoreKey>("checkpoints", { encoding: "binary" })
    const tables = { records: root.openDB<string, StoreKey>("records", { encoding: "string" }), checkpoints }
    checkFormat(tables)
    return { root, tables }
  } catch (error) {
    await root.close()
    throw error
  }
}

function checkFormat(tables: Tables): void {
  const { records } = tables
  if (records.get(globalKeys.format) === undefined) records.putSync(globalKeys.format, formatVersion)
  else assertFormat(tables)
}

/** @throws EngineError `unusable` where the store is not of this program's layout. */
export function assertFormat({ records }: Tables): void {
  const found = records.get(globalKeys.format)
  if (found !== formatVersion) {
    throw unusable(
      `The store has the layout ${found}, this program knows ${formatVersion}`,
      "Use the program's other version",
    )
  }
}
