/** Whether a process may hold as many connections as a bench opens: each is an open file at both of its ends. */
import { execFileSync } from "node:child_process"

/** What a process has open besides. */
const otherFiles = 200

/** @throws Error that says what to do. It is known before the first of them is opened. */
export function mustAllowConnections(count: number, filesMax: number = openFilesMax()): void {
  const needed = count + otherFiles
  if (filesMax >= needed) return
  throw new Error(
    `${count} connections need ${needed} open files in one process, and ${filesMax} are allowed here: ulimit -n ${needed}, ` +
      "and where that is refused, ulimit -Hn says how many may be had",
  )
}

/** Node has taken as many as it may have, and hands that on to the processes that it starts. */
function openFilesMax(): number {
  const said = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim()
  return said === "unlimited" ? Number.POSITIVE_INFINITY : Number(said)
}
