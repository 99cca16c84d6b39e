/**
 * A Redis of the bench's own: on a free port, in a fresh folder, gone when the bench is.
 *
 * The server runs below a small shell that holds the other end of a pipe: however this process ends, be it by SIGKILL,
 * the pipe closes, and the shell ends the server and removes its folder.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type Control, openControl } from "./control.ts"

/** What is on the disk when an append is answered; the levels of the same names in docs/redis.md. */
export type ServerDurability = "memory" | "everysec" | "fsync"

export interface BenchServer {
  readonly url: string
  readonly durability: ServerDurability
  readonly control: Control
  stop(): Promise<void>
}

const settingsOf: Readonly<Record<ServerDurability, readonly string[]>> = {
  memory: ["--appendonly", "no"],
  everysec: ["--appendonly", "yes", "--appendfsync", "everysec"],
  fsync: ["--appendonly", "yes", "--appendfsync", "always"],
}
/** Nothing may begin in the background and be counted as somebody's work. */
const quiet = [
  "--save",
  "",
  "--auto-aof-rewrite-percentage",
  "0",
  "--maxmemory-policy",
  "noeviction",
  "--repl-diskless-sync-delay",
  "0",
]

const keeper = `
redis-server "$@" >"$0/log" 2>&1 &
trap 'kill -9 $!; wait; rm -rf "$0"' EXIT
read -r _
`
const startMsMax = 10_000
const pollMs = 20

export async function startServer(durability: ServerDurability, extra: readonly string[] = []): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-bench-"))
  const port = await freePort()
  const place = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder]
  const args = ["-c", keeper, folder, ...place, ...quiet, ...settingsOf[durability], ...extra]
  const shell = spawn("sh", args, { stdio: ["pipe", "ignore", "inherit"], detached: true })
  const url = `redis://127.0.0.1:${port}`
  const control = await whenReady(url, folder, shell)
  return {
    url,
    durability,
    control,
    async stop() {
      control.close()
      shell.stdin?.end()
      if (shell.exitCode === null) await once(shell, "exit")
    },
  }
}

async function whenReady(url: string, folder: string, shell: ChildProcess): Promise<Control> {
  for (let waitedMs = 0; waitedMs < startMsMax && shell.exitCode === null; waitedMs += pollMs) {
    const control = await openControl(url).catch(() => undefined)
    if (control) return control
    await pause(pollMs)
  }
  shell.stdin?.end()
  throw new Error(`redis-server did not start:\n${readFileSync(join(folder, "log"), "utf8")}`)
}

/** Free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  probe.close()
  await once(probe, "close")
  if (address === null || typeof address === "string") throw new Error("no port was given")
  return address.port
}
