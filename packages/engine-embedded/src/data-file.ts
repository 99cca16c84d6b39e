/**
 * A look at LMDB's data file before LMDB looks at it.
 *
 * lmdb 3.5 ends the process when it cannot open a file, instead of throwing. So what can be wrong with a file is
 * found out here: that there is no room to begin one, that it is something else, that it ends too early.
 */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"

/** LMDB's layout in 64 bits, version 2: a file begins with two root pages, each with this mark. */
const layout = { mark: 0xbeefc0de, markAt: 24, version: 2, versionAt: 28, pageSizeAt: 48, headerBytes: 56 }

/** What a new store needs at once, rounded up. */
const firstBytes = 262_144

/** @throws if the file is there and is not one that LMDB can open. */
export function checkDataFile(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return checkRoom(`${file}.room`)
  const first = rootPageAt(file, 0)
  const second = first && rootPageAt(file, first.pageSize)
  if (!first || !second) throw new Error("it is not a data file of LMDB, or its beginning is damaged")
}

function rootPageAt(file: string, position: number): { pageSize: number } | undefined {
  const header = Buffer.alloc(layout.headerBytes)
  const descriptor = openSync(file, "r")
  try {
    if (readSync(descriptor, header, 0, header.length, position) < header.length) return undefined
  } finally {
    closeSync(descriptor)
  }
  const isRoot = header.readUInt32LE(layout.markAt) === layout.mark
  const isKnown = header.readUInt16LE(layout.versionAt) === layout.version
  return isRoot && isKnown ? { pageSize: header.readUInt32LE(layout.pageSizeAt) } : undefined
}

function checkRoom(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(firstBytes))
  } finally {
    rmSync(file, { force: true })
  }
}

/**
 * Makes the file as long as its root page says. Reading behind the end of a mapped file would end the process; a page
 * of zeros is an error that can be caught. (Free pages at the end need not have been written: shorter is not broken.)
 */
export function lengthenDataFile(file: string, pages: { pageSize: number; lastPageNumber: number }): void {
  const bytes = (pages.lastPageNumber + 1) * pages.pageSize
  if (statSync(file).size < bytes) truncateSync(file, bytes)
}

/** @throws if the file is shorter than its root page says, for whoever may not make it longer. */
export function checkLength(file: string, pages: { pageSize: number; lastPageNumber: number }): void {
  const bytes = (pages.lastPageNumber + 1) * pages.pageSize
  if (statSync(file).size < bytes) throw new Error("it ends before the end that it says it has")
}
