/** Runs the real command in a process of its own. Needs what `tsc -b` makes; the command makes it if it is missing. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))
export const agentFile = (name: string) => fileURLToPath(new URL(`agents/${name}.mjs`, import.meta.url))

export interface Serving {
  readonly child: ChildProcess
  /** What it has written so far. */
  out(): string
  err(): string
  /** Resolves with the address when it is ready, of its sockets or of its pages; rejects if it ends before. */
  readonly ready: Promise<string>
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
}

export function serve(args: readonly string[], env: Record<string, string> = {}, cwd = process.cwd()): Serving {
  const child = spawn(process.execPath, [bin, "serve", "--port", "0", ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let out = ""
  let err = ""
  const ended = once(child, "close").then(([code]) => code as number | null)
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text
      const address = /(ws|http):\/\/[^\s/]+/.exec(out)
      if (address && out.endsWith("\n\n")) resolve(address[0])
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text
    })
    void ended.then((code) => reject(new Error(`It ended with ${code}: ${err}`)))
  })
  // Whoever only waits for the end does not look at this one.
  ready.catch(() => {})
  return { child, out: () => out, err: () => err, ready, ended }
}
