/**
 * A log file that is put aside when it is full: `a.log` becomes `a.log.1`, `a.log.1` becomes `a.log.2`, and so on.
 *
 * The lines of one turn of the event loop go out in one synchronous write: cheap, and what was logged
 * right before a crash is there. Where the disk is full, lines wait in a bounded buffer, are then
 * dropped and counted, and the file goes on when there is room: logging never harms the server.
 * pino's own file destination is not used because its `flushSync` never returns while the disk is full.
 */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import type { Clock } from "@everthread/protocol"

export interface RotatingFileOptions {
  readonly path: string
  /** The size, in bytes, from which on the file is put aside. One write may exceed it. */
  readonly fileBytesMax: number
  /** Files that were put aside and are kept. */
  readonly filesMax: number
  readonly clock: Clock
  /** Told when lines cannot be written, once until writing works again. */
  readonly onProblem: (problem: string) => void
}

export interface RotatingFile {
  write(line: string): void
  /** Writes what waits, or gives up: it never throws and never waits for room. */
  flushSync(): void
}

/** What may wait for a disk without room, in bytes. */
const waitingBytesMax = 1_048_576

/** @throws what `fs` throws if the file cannot be opened now: better at start than unnoticed. */
export function openRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { path, clock, onProblem } = options
  mkdirSync(dirname(path), { recursive: true })
  let fd = openSync(path, "a")
  let size = statSync(path).size
  let waiting = Buffer.alloc(0)
  let lines: string[] = []
  let droppedLines = 0
  let state: "writing" | "failing" = "writing"

  function flushSync(): void {
    waiting = Buffer.concat([waiting, Buffer.from(lines.join(""))])
    lines = []
    try {
      while (waiting.length > 0) writeSome()
      state = "writing"
      if (size >= options.fileBytesMax) rotate()
    } catch (error) {
      keepWithinBounds()
      if (state === "writing")
        onProblem(`${path} cannot be written: ${reasonOf(error)}. The server goes on without it.`)
      state = "failing"
    }
  }

  function writeSome(): void {
    const written = writeSync(fd, waiting)
    size += written
    waiting = waiting.subarray(written)
    if (waiting.length > 0 || droppedLines === 0) return
    waiting = Buffer.from(`{"level":"warn","time":"${iso()}","msg":"${droppedLines} log lines were dropped"}\n`)
    droppedLines = 0
  }

  const iso = () => new Date(clock.now()).toISOString()

  function rotate(): void {
    for (let n = options.filesMax; n > 0; n--) moveIfThere(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`)
    const next = openSync(path, "a")
    closeSync(fd)
    fd = next
    size = 0
  }

  /** Lets the newest whole lines go: the first ones say how the trouble began. */
  function keepWithinBounds(): void {
    if (waiting.length <= waitingBytesMax) return
    const end = waiting.lastIndexOf(10, waitingBytesMax) + 1
    droppedLines += waiting.subarray(end).filter((byte) => byte === 10).length
    waiting = waiting.subarray(0, end)
  }

  function write(line: string): void {
    if (lines.length === 0) clock.endOfTick(flushSync)
    lines.push(line)
  }

  return { write, flushSync }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
