/**
 * Where test servers live, and why none of them outlives its test process.
 *
 * Every server has a folder of its own below one root for each process, and while it runs its process id is in the
 * folder's file `pid`. A small shell process, the watchdog, holds the other end of a pipe: however the test process
 * ends, be it by SIGKILL, the pipe closes, and the watchdog kills whoever has a `pid` file, with its children, and
 * removes the root. It is in a session of its own, so that a Ctrl-C for the tests does not end it before its work.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import type { Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

const watchdog = `
read -r _
for file in "$1"/*/pid; do
  if [ -f "$file" ]; then kill -9 "-$(cat "$file")"; fi
done
rm -rf "$1" || { sleep 1; rm -rf "$1"; }
`

let root: string | undefined

/** The folder that goes, with everything in it, when this process does. */
export function rootFolder(): string {
  root ??= watched(mkdtempSync(join(tmpdir(), "everthread-redis-")))
  return root
}

function watched(folder: string): string {
  const dog = spawn("sh", ["-c", watchdog, "watchdog", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  })
  // Neither the watchdog nor the pipe may keep the process alive that they watch.
  dog.unref()
  ;(dog.stdin as Socket).unref()
  return folder
}

export function newServerFolder(): string {
  return mkdtempSync(join(rootFolder(), "server-"))
}

export function notePid(folder: string, pid: number): void {
  writeFileSync(join(folder, "pid"), `${pid}`)
}

/** To be called as soon as the process has ended: its number may be somebody else's next. */
export function forgetPid(folder: string): void {
  rmSync(join(folder, "pid"), { force: true })
}
