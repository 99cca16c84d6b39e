/** A node in a process of its own, with a link to this one. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { nodeCommandName } from "./node-command.ts"
import type { FromNode, Look } from "./node-link.ts"

export interface NodePlan {
  /** Its name. */
  readonly id: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
}

export interface NodeEvents {
  heard(message: FromNode): void
  /** Each line that it writes: its log, and whatever its agents print. */
  said(line: string): void
  ended(): void
}

const bin = fileURLToPath(new URL("../../bin/everthread.mjs", import.meta.url))

export function spawnNode({ args, env, folder }: NodePlan, events: NodeEvents): ChildProcess {
  const child = spawn(process.execPath, [bin, nodeCommandName, ...args], {
    cwd: folder,
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl-C goes to everybody in the terminal's foreground, and a node takes a second signal for "at once".
    detached: true,
  })
  child.on("message", (message) => events.heard(message as FromNode))
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", events.said)
  }
  child.once("exit", events.ended)
  // It could not be started at all.
  child.once("error", events.ended)
  return child
}

/** It may be ending, or be stopped: then nobody answers. */
export function tellNode(child: ChildProcess, message: Look): void {
  if (child.connected) child.send(message, () => {})
}
