/** Each node in a process of its own, started with the very command that people type. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Clock } from "@everthread/protocol"
import { CliError } from "../failure.ts"
import { type Cluster, threeNodes } from "./cluster.ts"
import { Complaints } from "./complaints.ts"
import { argumentsOf, flagsOf, type NodePlan } from "./node-flags.ts"
import type { DemoTexts } from "./texts.ts"

export interface ProcessParts {
  readonly clock: Clock
  /** What the nodes need beside the flags: where the store is. */
  readonly env: Readonly<Record<string, string>>
  /** This process's environment, of which they get what any program needs. */
  readonly inherited: Readonly<Record<string, string | undefined>>
  readonly texts: Pick<DemoTexts, "nodeFailed" | "nodeSilent">
}

/** A process that is told to end gets so long; then it is ended. */
const goodbyeMs = 8_000

const bin = fileURLToPath(new URL("../../bin/everthread.mjs", import.meta.url))
/** A secret or a port that is set here is meant for another server. */
const neededByAll = ["PATH", "HOME", "TMPDIR", "SystemRoot"]

export interface NodeProcess {
  readonly child: ChildProcess
  /** Resolves with its address. @throws CliError with its own words, if it ends before it is ready. */
  readonly ready: Promise<string>
  readonly ended: Promise<unknown>
}

export async function startProcesses(plans: readonly NodePlan[], parts: ProcessParts): Promise<Cluster> {
  const complaints = new Complaints()
  const processes = plans.map((plan) => startProcess(plan, parts, complaints))
  const stop = async () => {
    await Promise.all(processes.map((each) => stopProcess(each, parts.clock)))
  }
  try {
    const urls = await Promise.all(processes.map(({ ready }) => ready))
    const ids = plans.map(({ id }) => id)
    return { nodes: threeNodes(ids, urls), complaints: () => complaints.text(), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export function startProcess(
  plan: NodePlan,
  { env, inherited, texts }: ProcessParts,
  complaints: Complaints,
): NodeProcess {
  const needed = neededByAll.flatMap((name) => (inherited[name] === undefined ? [] : [[name, inherited[name]]]))
  const child = spawn(process.execPath, [bin, "serve", ...argumentsOf(flagsOf(plan))], {
    cwd: plan.folder,
    env: { ...Object.fromEntries(needed), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C goes to everybody in the terminal's foreground, and a node takes a second signal for "at once".
    detached: true,
  })
  const own = new Complaints()
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    own.write(text)
    complaints.write(text)
  })
  const ended = once(child, "close")
  const ready = new Promise<string>((resolve, reject) => {
    onAddress(child.stdout, resolve)
    const explain = () => reject(new CliError(texts.nodeFailed, own.text() || texts.nodeSilent))
    ended.then(explain, reject)
  })
  // Whoever is stopped before it was ready has nobody who waits for it any more.
  ready.catch(() => {})
  return { child, ready, ended }
}

/** The server says where it is when it is ready, in a text that ends with an empty line. */
function onAddress(stdout: NodeJS.ReadableStream, found: (url: string) => void): void {
  let said = ""
  stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text
    const address = /ws:\/\/\S+/.exec(said)
    if (address && said.endsWith("\n\n")) found(address[0])
  })
}

export async function stopProcess({ child, ended }: NodeProcess, clock: Clock): Promise<void> {
  child.kill("SIGTERM")
  const timer = clock.startTimer(goodbyeMs, () => child.kill("SIGKILL"))
  await ended.catch(() => {})
  clock.stopTimer(timer)
}
