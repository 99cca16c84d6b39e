/**
 * One process for one folder, by the kernel's word: nothing is left behind by a process that was killed. (SPEC STO1)
 *
 * LMDB keeps a table of readers with their process ids, and each process holds a lock on a byte of its own in the
 * lock file, which the kernel drops when the process ends, however it ends. So whoever is in the table and holds its
 * byte is alive; a reused process id is not mistaken for a holder, and there is no file for a person to delete.
 * A small environment beside the data serves for nothing else: nothing is ever written to it, so our place in its
 * table can be kept for as long as we live without holding back space. We enter first and look second: of two
 * processes that come at once at most one stays.
 *
 * Nothing else in this process may open and close the lock file: POSIX would drop our lock with that.
 */
import { realpathSync } from "node:fs"
import { join } from "node:path"
import { EngineError } from "@everthread/engine"
import { open, type RootDatabase } from "lmdb"

/** Shared by every copy of this module in the process: LMDB must not open one folder twice in it. */
const held: Set<string> = foldersHeldBy(globalThis)

/**
 * Makes the folder this process' own.
 * @returns gives it up.
 * @throws EngineError `in-use`, naming who has it.
 */
export function occupyFolder(folder: string): () => Promise<void> {
  const place = realpathSync(folder)
  if (held.has(place)) throw inUse(folder, `this process (${process.pid})`)
  const environment = open<string>({ path: join(place, "occupant"), encoding: "string", overlappingSync: false })
  const stay = environment.useReadTransaction()
  const others = readersOf(environment).filter((pid) => pid !== process.pid)
  const leave = async () => {
    held.delete(place)
    stay.done()
    await environment.close()
  }
  if (others.length > 0) {
    void leave()
    throw inUse(folder, `process ${others.join(", ")}`)
  }
  held.add(place)
  return leave
}

/** The ids of the processes in the table, once those that have died are out of it. */
function readersOf(environment: RootDatabase<string>): number[] {
  environment.get("") // A place in the table is taken by the first read.
  environment.readerCheck()
  return environment
    .readerList()
    .split("\n")
    .map((line) => Number.parseInt(line.trim(), 10))
    .filter((pid) => Number.isInteger(pid))
}

function inUse(folder: string, who: string): EngineError {
  return new EngineError(
    "in-use",
    `The folder ${folder} is in use by ${who}. A folder belongs to one process at a time: stop the other one, or use another folder.`,
  )
}

function foldersHeldBy(scope: object): Set<string> {
  const name = Symbol.for("everthread.engine-embedded.folders")
  const shared = scope as { [name]?: Set<string> }
  shared[name] ??= new Set()
  return shared[name]
}
