/** Runs the real `everthread chat` in a process of its own, on pipes. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))

export interface Chatting {
  readonly child: ChildProcess
  /** Everything it has written so far, line by line. */
  lines(): readonly string[]
  /** What it said on the other stream. */
  errors(): string
  /** Resolves with the first line that fits, as soon as there is one; rejects if it ends without. */
  line(fits: (line: string) => boolean): Promise<string>
  type(line: string): void
  /** Ends its input. */
  hangUp(): void
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
}

export function chat(args: readonly string[]): Chatting {
  const child = spawn(process.execPath, [bin, "chat", ...args], {
    env: { PATH: process.env["PATH"] ?? "", LANG: "C" },
    stdio: ["pipe", "pipe", "pipe"],
  })
  let out = ""
  let err = ""
  const waiting = new Set<() => void>()
  const look = () => {
    for (const each of [...waiting]) each()
  }
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
    look()
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text
  })
  let over = false
  const ended = once(child, "close").then(([code]) => {
    over = true
    look()
    return code as number | null
  })
  const lines = () => out.split("\n").slice(0, -1)
  const line = (fits: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const found = lines().find(fits)
        if (found === undefined && !over) return
        waiting.delete(check)
        if (found === undefined) reject(new Error(`It ended without that line:\n${out}\n${err}`))
        else resolve(found)
      }
      waiting.add(check)
      check()
    })
  return {
    child,
    lines,
    errors: () => err,
    line,
    type: (text) => void child.stdin.write(`${text}\n`),
    hangUp: () => void child.stdin.end(),
    ended,
  }
}

/** The messages it showed, in the order in which it showed them. */
export function transcript(chatting: Chatting): string[] {
  return chatting.lines().filter((line) => line.startsWith("["))
}
