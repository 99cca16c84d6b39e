/**
 * A disk that can be slow, full, and without power, for one server. It is a library of our own that is loaded before the
 * server (`disk/faulty-disk.c`), so it needs neither a file system of its own nor rights; what it needs is a C compiler.
 *
 * A power cut leaves of each file what had been synced, and a piece of what had not: a disk writes when it likes. What
 * the server reads again afterwards is on the disk.
 */
import { execFile } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { rootFolder } from "./server-folders.ts"

const source = fileURLToPath(new URL("../../disk/faulty-disk.c", import.meta.url))
const isData = (name: string): boolean => /\.(aof|rdb|manifest)$/.test(name)

let library: Promise<string | undefined> | undefined

/** @returns a file of the library, or `undefined` where it cannot be made. */
function compiled(): Promise<string | undefined> {
  const file = join(rootFolder(), "faulty-disk.so")
  library ??= promisify(execFile)("cc", ["-shared", "-fPIC", "-O1", "-o", file, source]).then(
    () => file,
    () => undefined,
  )
  return library
}

export class FaultyDisk {
  readonly #library: string
  readonly #notes = mkdtempSync(join(rootFolder(), "disk-"))
  #isFull = false
  #syncMs = 0

  private constructor(library: string) {
    this.#library = library
    this.#order()
  }

  /** @returns `undefined` where there is no C compiler, or no Linux. */
  static async make(): Promise<FaultyDisk | undefined> {
    const library = process.platform === "linux" ? await compiled() : undefined
    return library === undefined ? undefined : new FaultyDisk(library)
  }

  /** For the environment of the server. */
  get env(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.#library, EVERTHREAD_DISK: this.#notes }
  }

  /** From now on nothing more can be written. */
  fill(): void {
    this.#isFull = true
    this.#order()
  }

  makeRoom(): void {
    this.#isFull = false
    this.#order()
  }

  /** Every sync takes so much longer from now on. */
  slowDown(syncMs: number): void {
    this.#syncMs = syncMs
    this.#order()
  }

  /**
   * What a power cut leaves in the folder of a server that has been killed.
   * @param fraction of what was not synced and is on the disk all the same, from 0 to 1, asked for each file.
   * @returns how many bytes are lost.
   */
  cutPower(folder: string, fraction: () => number): number {
    let lost = 0
    for (const { file, note, size, synced } of this.#filesIn(folder)) {
      const left = synced + Math.floor(fraction() * (size - synced))
      truncateSync(file, left)
      writeFileSync(note, String(left))
      lost += size - left
    }
    return lost
  }

  /** What lies in the folder of a server by now is on the disk: somebody else has put it there. */
  settle(folder: string): void {
    for (const { note, size } of this.#filesIn(folder)) writeFileSync(note, String(size))
  }

  /** How many bytes a power cut at this moment might take. */
  unsyncedBytes(folder: string): number {
    return this.#filesIn(folder).reduce((sum, { size, synced }) => sum + size - synced, 0)
  }

  #filesIn(folder: string) {
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isData)
    return paths.map((path) => {
      const file = join(folder, path)
      const { size, ino, birthtimeNs } = statSync(file, { bigint: true })
      const note = join(this.#notes, `synced-${ino}-${birthtimeNs}`)
      const synced = existsSync(note) ? Number(readFileSync(note, "utf8")) : 0
      return { file, note, size: Number(size), synced: Math.min(synced, Number(size)) }
    })
  }

  #order(): void {
    const orders = Buffer.alloc(8)
    orders.writeInt32LE(this.#isFull ? 1 : 0, 0)
    orders.writeInt32LE(this.#syncMs, 4)
    // In place: the server has mapped this very file.
    writeFileSync(join(this.#notes, "orders"), orders, { flag: existsSync(join(this.#notes, "orders")) ? "r+" : "w" })
  }
}
