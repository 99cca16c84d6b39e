/**
 * A real nginx with the shipped configuration, as a child of the test: no rights are needed, everything that it writes
 * is in a folder of its own, and it is gone when the test is.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process"
import { randomInt } from "node:crypto"
import { once } from "node:events"
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { Hopeless, until } from "@everthread/stage"
import { type NginxSettings, nginxConfig } from "./nginx-config.ts"

export interface RunningNginx {
  readonly port: number
  /** What it has logged: `error` or `access`. */
  log(kind: "error" | "access"): string
  stop(): Promise<void>
}

/** Below the ports that the system gives to outgoing connections, and beside those of other tests. */
const portMin = 23_000
const portMax = 32_000

export async function startNginx(settings: NginxSettings): Promise<RunningNginx> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-nginx-"))
  // Workers are somebody else when the test is run by root.
  chmodSync(folder, 0o755)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const start = () => launch(settings, randomInt(portMin, portMax), folder)
  const { child, port } = await until("nginx to start", start).catch((error: unknown) => {
    remove()
    throw error
  })
  const kill = () => void child.kill("SIGKILL")
  process.once("exit", kill)
  return {
    port,
    log: (kind) => readFileSync(join(folder, `${kind}.log`), "utf8"),
    async stop() {
      process.off("exit", kill)
      child.kill("SIGTERM")
      if (child.exitCode === null) await once(child, "exit")
      remove()
    },
  }
}

/** @returns `undefined` when somebody else has the port. */
async function launch(settings: NginxSettings, port: number, folder: string) {
  const file = writeConfig(settings, port, folder)
  const child = spawn("nginx", [...argumentsOf(file, folder), "-g", "daemon off;"], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  const said: Buffer[] = []
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk))
  await Promise.race([once(child, "spawn"), once(child, "error").then(([error]) => Promise.reject(explain(error)))])
  return until("nginx to listen", async () => {
    if (child.exitCode === null) return listens(child, folder) && { child, port }
    const text = Buffer.concat(said).toString()
    if (text.includes("Address already in use")) return { child: undefined, port }
    throw new Hopeless(`nginx did not start:\n${text}`)
  }).then(({ child: started }) => started && { child: started, port })
}

/** nginx writes its id when its sockets listen, and not before. */
function listens(child: ChildProcess, folder: string): boolean {
  return readFileSync(join(folder, "nginx.pid"), "utf8").trim() === String(child.pid)
}

/** Whether nginx itself finds the configuration right. @returns what it says. */
export async function testConfig(settings: NginxSettings): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-nginx-"))
  try {
    const file = writeConfig(settings, portMin, folder)
    const { stderr } = await promisify(execFile)("nginx", ["-t", ...argumentsOf(file, folder)])
    return stderr
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeConfig(settings: NginxSettings, port: number, folder: string): string {
  const file = join(folder, "nginx.conf")
  writeFileSync(file, nginxConfig(settings, port, folder))
  return file
}

/** `-e`: where it complains until it has read where to complain. */
const argumentsOf = (file: string, folder: string) => ["-c", file, "-p", folder, "-e", "stderr"]

function explain(error: unknown): Hopeless {
  return new Hopeless("nginx cannot be started; these tests need it (apt-get install nginx)", { cause: error })
}
