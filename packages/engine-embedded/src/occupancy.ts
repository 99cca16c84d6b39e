/**
 * One process for one folder, by the kernel's word: nothing is left behind by a process that was killed. (SPEC STO1)
 *
 * LMDB keeps a table of readers with their process ids, and each process holds a lock on a byte of its own in the
 * lock file, which the kernel drops when the process ends, however it ends. So whoever is in the table and holds its
 * byte is alive; a reused process id is not mistaken for a holder, and there is no file for a person to delete.
 * A small environment beside the data serves for nothing else: nothing is ever written to it, so our place in its
 * table can be kept for as long as we live without holding back space. We look, enter, and look again: of processes
 * that come at once at most one stays. Our own id in the table before we entered is another container's process.
 *
 * Nothing else in this process may open and close the lock file: POSIX would drop our lock with that.
 */
import { existsSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { EngineError } from "@everthread/engine"
import { open, type RootDatabase } from "lmdb"
import { checkDataFile } from "./data-file.ts"
import { makeFolder } from "./make-folder.ts"
import { unusable } from "./unusable.ts"

/** Shared by every copy of this module in the process: LMDB must not open one folder twice in it. */
const held: Set<string> = foldersHeldBy(globalThis)

/**
 * Makes the folder this process' own.
 * @returns gives it up.
 * @throws EngineError `in-use`, naming who has it, or `unusable`.
 */
export async function occupyFolder(folder: string): Promise<() => Promise<void>> {
  const place = realpathSync(folder)
  if (held.has(place)) throw inUse(folder, `this process (${process.pid})`)
  held.add(place)
  try {
    return await enter(folder, place)
  } catch (error) {
    held.delete(place)
    throw error
  }
}

/** A look at a folder that is read beside the process that has it, if one has. */
export interface Visit {
  /** The processes that have the folder. */
  readonly occupants: readonly number[]
  leave(): void
}

/**
 * Says who has the folder, without taking it and without writing to it. Until the visit ends this process cannot have it:
 * LMDB must not open one folder twice in one process.
 * @throws EngineError `in-use` where this very process has it.
 */
export async function visitFolder(folder: string): Promise<Visit> {
  const place = realpathSync(folder)
  if (held.has(place)) throw inUse(folder, `this process (${process.pid})`)
  held.add(place)
  const leave = () => void held.delete(place)
  try {
    return { occupants: await occupantsOf(join(place, "occupant")), leave }
  } catch (cause) {
    leave()
    throw unusable(`Who uses ${folder} cannot be found out`, "Run this as the user whose server has the folder", cause)
  }
}

async function occupantsOf(path: string): Promise<number[]> {
  if (!existsSync(join(path, "data.mdb"))) return []
  checkDataFile(join(path, "data.mdb"))
  const environment = open<string>({ path, encoding: "string", overlappingSync: false, readOnly: true })
  try {
    return readersOf(environment)
  } finally {
    await environment.close()
  }
}

async function enter(folder: string, place: string): Promise<() => Promise<void>> {
  const environment = openOccupants(folder, place)
  const here = readersOf(environment)
  const stay = here.length === 0 ? environment.useReadTransaction() : undefined
  const leave = async () => {
    stay?.done()
    await environment.close()
    held.delete(place)
  }
  const others = stay ? readersOf(environment).filter((pid) => pid !== process.pid) : here
  if (others.length === 0) return leave
  await leave()
  throw inUse(folder, others.map(nameOf).join(", "))
}

function openOccupants(folder: string, place: string): RootDatabase<string> {
  try {
    const path = join(place, "occupant")
    makeFolder(path)
    checkDataFile(join(path, "data.mdb"))
    return open<string>({ path, encoding: "string", overlappingSync: false })
  } catch (cause) {
    throw unusable(`${folder} cannot be taken into use`, "Make room, or use another folder", cause)
  }
}

/** The ids of the processes in the table, once those that have died are out of it. */
function readersOf(environment: RootDatabase<string>): number[] {
  environment.readerCheck()
  return environment
    .readerList()
    .split("\n")
    .map((line) => Number.parseInt(line.trim(), 10))
    .filter((pid) => Number.isInteger(pid))
}

const nameOf = (pid: number): string => `process ${pid}${pid === process.pid ? " of another container" : ""}`

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
