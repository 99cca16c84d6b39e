/** What a process has handed to the kernel so far, sockets and files alike. Linux counts it; elsewhere nothing is known. */
import { readFileSync } from "node:fs"

export interface Written {
  readonly writes: number
  readonly bytes: number
}

export function writtenBy(pid: number): Written {
  try {
    const counts = readFileSync(`/proc/${pid}/io`, "utf8")
    const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(counts)?.[1])
    return { writes: count("syscw"), bytes: count("wchar") }
  } catch {
    return { writes: Number.NaN, bytes: Number.NaN }
  }
}
