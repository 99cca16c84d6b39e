/** Runs the real `everthread dev` in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))

export interface Developing {
  readonly child: ChildProcess
  /** Resolves with the address that stays; rejects if it ends before. */
  readonly ready: Promise<string>
  /** Resolves when this has been said `count` times. */
  said(text: string, count?: number): Promise<void>
  /** What it has said so far, on both streams. */
  all(): string
  readonly ended: Promise<number | null>
}

export function develop(args: readonly string[], cwd: string, env: Record<string, string> = {}): Developing {
  const child = spawn(process.execPath, [bin, "dev", "--port", "0", ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", LANG: "C", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let text = ""
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (more: string) => {
      text += more
      for (const look of [...waiting]) look()
    })
  }
  const ended = once(child, "exit").then(([code]) => code as number | null)
  const said = (words: string, count = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (text.split(words).length <= count) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void ended.then((code) => reject(new Error(`It ended with ${code}:\n${text}`)))
    })
  const ready = said("stops it in good order").then(() => /at (http:\/\/\S+)/.exec(text)?.[1] ?? "")
  // Whoever only waits for the end does not look at this one.
  ready.catch(() => {})
  return { child, ready, said, all: () => text, ended }
}
