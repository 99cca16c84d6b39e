/**
 * A Redis for these nodes alone, in the data folder: what is in it is there again the next time.
 *
 * It ends with this process, however that ends: the shell that started it reads a pipe that only this process holds.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { type AddressInfo, createServer } from "node:net"
import { delimiter, join } from "node:path"
import type { Random } from "@everthread/protocol"

export interface PrivateRedis {
  /** With its password. */
  readonly url: string
  stop(): Promise<void>
}

export interface PrivateRedisParts {
  /** The program: see `findRedisServer`. */
  readonly program: string
  readonly folder: string
  readonly random: Random
}

const passwordChars = 32
const programs = ["redis-server", "valkey-server"]
const readyWords = "Ready to accept connections"
/** Whoever waits for the server hears of its end; whoever reads sees to it when the pipe's other end is gone. */
const guarded = '"$0" "$1" & server=$!; (read _ <&3; kill $server) & wait $server'

/** @returns the program that is installed here, if one is. */
export function findRedisServer(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

/** @throws Error with its own words, if it ends instead of serving. */
export async function startPrivateRedis({ program, folder, random }: PrivateRedisParts): Promise<PrivateRedis> {
  const [port, password] = [await freePort(), random.id(passwordChars)]
  await mkdir(folder, { recursive: true })
  const file = join(folder, "redis.conf")
  // Not on the command line, which everybody on the machine can read.
  await writeFile(file, configOf(port, password, folder), { mode: 0o600 })
  const shell = spawn("sh", ["-c", guarded, program, file], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // Ctrl-C is for this process, which ends its nodes first.
    detached: true,
  })
  const pipe = shell.stdio[3]
  const ended = once(shell, "exit")
  let said = ""
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [shell.stdout, shell.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        if (!said.includes(readyWords)) said += text
        if (said.includes(readyWords)) resolve()
      })
    }
    ended.then(() => reject(new Error(said.trim() || `${program} ended.`)), reject)
  })
  // The reader must not outlive the server: its number may be another process's by then.
  void ended.then(() => pipe?.destroy())
  await ready
  const stop = async () => {
    pipe?.destroy()
    await ended
  }
  return { url: `redis://:${password}@127.0.0.1:${port}`, stop }
}

function configOf(port: number, password: string, folder: string): string {
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    "appendonly yes",
    "appendfsync everysec",
    'save ""',
  ]
  return `${lines.join("\n")}\n`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}
