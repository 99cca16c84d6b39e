/**
 * Centrifugo 6 on a Redis: history and recovery on, as its documentation recommends for messages that must not be lost.
 *
 * It is no npm package. Where Go is present it is built once, by Go's own client from the module proxy that the machine
 * names, and kept outside the repository. Where that cannot be done there is a reason in words instead, and whoever
 * measures leaves its rows out with that line. https://centrifugal.dev/docs/server/configuration
 */
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { promisify } from "node:util"
import { freePort } from "./free-port.ts"

export type CentrifugoBinary = { readonly file: string } | { readonly missing: string }

export interface Centrifugo {
  readonly pid: number
  readonly port: number
  /** For WebSockets of its JSON protocol: nobody is asked for a token, and who is connected may publish. */
  readonly url: string
  /** Of its HTTP API, which asks for no key. */
  readonly apiUrl: string
  stop(): Promise<void>
}

const centrifugoModule = "github.com/centrifugal/centrifugo/v6@latest"
/** Where a build is kept. */
export const centrifugoFolder: string = join(homedir(), ".cache", "everthread", "centrifugo")
const buildMsMax = 600_000
const startMsMax = 10_000
const pollMs = 50

/** Takes minutes where it has to be built, once. */
export async function findCentrifugo(folder = centrifugoFolder, env = process.env): Promise<CentrifugoBinary> {
  const file = join(folder, "centrifugo")
  if (existsSync(file)) return { file }
  try {
    await promisify(execFile)("go", ["install", centrifugoModule], {
      env: { ...env, GOBIN: folder },
      timeout: buildMsMax,
    })
    return { file }
  } catch (error) {
    return { missing: `Centrifugo is left out: ${reasonOf(error)}` }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && error.code === "ENOENT") return "there is no Go here to build it with"
  const said = "stderr" in error ? String(error.stderr).trim().split("\n") : []
  return `it could not be built (${said.map((line) => line.trim()).join(" ") || error.message})`
}

export async function startCentrifugo(file: string, redisUrl: string): Promise<Centrifugo> {
  const port = await freePort()
  const place = mkdtempSync(join(tmpdir(), "everthread-centrifugo-"))
  const config = join(place, "config.json")
  writeFileSync(config, JSON.stringify(configOf(port, redisUrl)))
  const child = spawn(file, ["--config", config], { stdio: ["ignore", "ignore", "inherit"] })
  // However this process ends on its own, nothing of it stays.
  const kill = () => child.kill("SIGKILL")
  process.once("exit", kill)
  const stop = async () => {
    process.off("exit", kill)
    if (child.exitCode === null && child.signalCode === null && kill()) await once(child, "exit")
    rmSync(place, { recursive: true, force: true })
  }
  const host = `127.0.0.1:${port}`
  const isServing = await answers(`http://${host}/health`, () => child.exitCode !== null)
  if (!isServing || child.pid === undefined) {
    await stop()
    throw new Error("Centrifugo did not start")
  }
  return { pid: child.pid, port, url: `ws://${host}/connection/websocket`, apiUrl: `http://${host}/api`, stop }
}

function configOf(port: number, redisUrl: string): object {
  const everybodyMay = {
    allow_subscribe_for_client: true,
    allow_subscribe_for_anonymous: true,
    allow_publish_for_client: true,
    allow_publish_for_anonymous: true,
  }
  const kept = { history_size: 10_000, history_ttl: "1h", force_positioning: true, force_recovery: true }
  return {
    http_server: { address: "127.0.0.1", port },
    log: { level: "error" },
    health: { enabled: true },
    client: { insecure: true, allowed_origins: ["*"] },
    http_api: { insecure: true },
    engine: { type: "redis", redis: { address: redisUrl } },
    channel: { without_namespace: { ...kept, ...everybodyMay } },
  }
}

async function answers(url: string, hasEnded: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < startMsMax && !hasEnded(); waitedMs += pollMs) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return true
    await pause(pollMs)
  }
  return false
}
