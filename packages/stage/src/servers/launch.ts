/** Brings up one server process, on a port that nobody else has, and knows when it is ready. */
import { randomInt } from "node:crypto"
import { readFile } from "node:fs/promises"
import type { Certificates } from "./certificates.ts"
import type { FaultyDisk } from "./faulty-disk.ts"
import { type Flavour, mustGetCommand } from "./flavours.ts"
import { RespConnection } from "./resp-connection.ts"
import { portConfig, type RedisConfig, writeConfig } from "./server-config.ts"
import { newServerFolder } from "./server-folders.ts"
import { logOf, ServerProcess } from "./server-process.ts"
import { Hopeless, until } from "./until.ts"

export interface ServerPlan {
  readonly flavour: Flavour
  readonly role: "server" | "sentinel"
  readonly config: RedisConfig
  readonly password: string | undefined
  readonly certificates: Certificates | undefined
  /** Under it, where it is to fail; replicas have none of their own. */
  readonly disk?: FaultyDisk | undefined
}

export interface Launched {
  readonly port: number
  readonly folder: string
  readonly process: ServerProcess
}

/** A cluster node also takes the port 10,000 above; both lie below those that the system gives to outgoing connections. */
const portMin = 12_000
const portMax = 22_000

/** Tries ports at random: only the bind itself can tell, free of races, that a port is free. */
export async function launchAnywhere(plan: ServerPlan): Promise<Launched> {
  const folder = newServerFolder()
  return until("a free port", async () => {
    const port = randomInt(portMin, portMax)
    writeConfig(folder, { ...portConfig(port, plan.certificates), ...plan.config })
    const process = await launch(plan, folder, port)
    return process && { port, folder, process }
  })
}

/**
 * Starts the server with the configuration that is in the folder, and waits until it serves.
 * @returns `undefined` when somebody else has the port.
 * @throws Hopeless with what the server printed when it does not start for another reason.
 */
export async function launch(plan: ServerPlan, folder: string, port: number): Promise<ServerProcess | undefined> {
  const process = await startProcess(plan, folder)
  const ready = async () => process.state === "ended" || isReady(plan, port, process.pid)
  const failure = await until("a server to be ready", ready).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (failure === undefined && process.state !== "ended") return process
  await process.kill()
  const log = await readFile(logOf(folder), "utf8")
  if (log.includes("Address already in use")) return undefined
  throw new Hopeless(`the server did not start:\n${log}`, { cause: failure })
}

function startProcess({ flavour, role, disk }: ServerPlan, folder: string): Promise<ServerProcess> {
  const args = role === "sentinel" ? ["server.conf", "--sentinel"] : ["server.conf"]
  const command = mustGetCommand(flavour)
  if (!disk) return ServerProcess.start(command, args, folder)
  const env = Object.entries(disk.env).map((pair) => pair.join("="))
  return ServerProcess.start("env", [...env, command, ...args], folder)
}

/** The process id is compared, because until ours has failed to bind, whoever has the port answers in its place. */
async function isReady({ password, certificates }: ServerPlan, port: number, pid: number): Promise<boolean> {
  const connection = await RespConnection.open({ port, password, ca: certificates?.ca })
  try {
    const info = `${await connection.send("INFO")}`
    return info.includes(`process_id:${pid}\r\n`) && !info.includes("\r\nloading:1")
  } finally {
    connection.close()
  }
}
