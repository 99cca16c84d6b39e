/**
 * Opens a folder to look at it, beside the process that has it, if one has.
 *
 * LMDB lets other processes read while one writes: a reader sees the last transaction that was committed and holds
 * nobody up. It is opened read-only, so nothing can be written by accident; only LMDB's own table of readers, which is
 * not part of the data, knows that we are here. Every port below reads in one synchronous call, so no transaction of
 * ours stays open for longer than a turn of the event loop, and the writer's file does not grow for our sake.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { EngineError, type EngineReader } from "@everthread/engine"
import { listeners, statusBoard } from "@everthread/engine/parts"
import { type Clock, systemClock } from "@everthread/protocol"
import { open, type RootDatabase } from "lmdb"
import { checkDataFile, checkLength } from "./data-file.ts"
import { directory } from "./directory.ts"
import { assertFormat } from "./environment.ts"
import { type EmbeddedEventLog, eventLog } from "./event-log.ts"
import { cursorOf, getHead } from "./head.ts"
import type { StoreKey } from "./keys.ts"
import { leases } from "./leases.ts"
import { visitFolder } from "./occupancy.ts"
import type { Store } from "./store.ts"
import type { Tables } from "./tables.ts"
import { unusable } from "./unusable.ts"

export interface EmbeddedReaderOptions {
  readonly folder: string
  readonly clock?: Clock
}

export interface EmbeddedReader extends EngineReader {
  /** The processes that have the folder: it is looked at while they go on. */
  readonly occupants: readonly number[]
  /** For the checkpointer, which reads from the same tables: its writes are refused. */
  readonly store: Store
  readonly log: EmbeddedEventLog & EngineReader["log"]
}

/** @throws EngineError `unusable` where there is no store or it cannot be read, `in-use` in the process that has it. */
export async function openEmbeddedReader(options: EmbeddedReaderOptions): Promise<EmbeddedReader> {
  const { folder, clock = systemClock } = options
  if (!existsSync(join(folder, "store", "data.mdb"))) {
    throw unusable(`There is no store in ${folder}`, "Name the data folder of a server, or the Redis that it uses")
  }
  const { occupants, leave } = await visitFolder(folder)
  try {
    const store = openStore(join(folder, "store"), leave)
    return { ...portsOf(store, clock), description: `embedded (LMDB at ${folder})`, occupants, store }
  } catch (cause) {
    leave()
    if (cause instanceof EngineError) throw cause
    throw unusable(
      `What is stored in ${folder} cannot be read`,
      "Start a server on it once, or restore a backup",
      cause,
    )
  }
}

function portsOf(
  store: Store,
  clock: Clock,
): Pick<EmbeddedReader, "log" | "directory" | "leases" | "wallTime" | "close"> {
  const unchanged = { runsChanged() {}, membersChanged() {} }
  const log = eventLog({ store, clock, keyTtlMs: 0, listeners: listeners(), ...unchanged })
  return {
    log: Object.assign(log, {
      keptAfter: async (conversation: string) =>
        store.read((tables) => {
          const head = getHead(tables, conversation)
          return head && cursorOf(head.trimmed)
        }),
    }),
    directory: directory(store),
    leases: leases(store),
    wallTime: async () => clock.now(),
    close: store.close,
  }
}

function openStore(path: string, leave: () => void): Store {
  const file = join(path, "data.mdb")
  checkDataFile(file)
  const root = open<string, StoreKey>({ path, encoding: "string", overlappingSync: false, readOnly: true })
  const tables = openTables(root, file)
  const status = statusBoard()
  status.set({ state: "read-only", reason: onlyLooks })
  let closing: Promise<void> | undefined
  const assertOpen = () => {
    if (closing) throw new EngineError("closed", "The engine was closed.")
  }
  return {
    status,
    assertOpen,
    read(look) {
      assertOpen()
      return look(tables)
    },
    write: async () => {
      throw new EngineError("read-only", onlyLooks)
    },
    close() {
      closing ??= root.close().then(leave)
      return closing
    },
  }
}

function openTables(root: RootDatabase<string, StoreKey>, file: string): Tables {
  try {
    checkLength(file, root.getStats() as { pageSize: number; lastPageNumber: number })
    const records = root.openDB<string, StoreKey>("records", { encoding: "string" })
    const checkpoints = root.openDB<Buffer, StoreKey>("checkpoints", { encoding: "binary" })
    assertFormat({ records, checkpoints })
    return { records, checkpoints }
  } catch (error) {
    void root.close()
    throw error
  }
}

const onlyLooks = "The store was opened to look at it, and is not written to."
