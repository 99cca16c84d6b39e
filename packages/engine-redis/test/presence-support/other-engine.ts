/** Starts an engine in another process, and speaks to it. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { PresentDevice } from "@everthread/engine"

const hooks = new URL("../../../agent/test/support/ts-hooks.mjs", import.meta.url).href
const script = join(import.meta.dirname, "seats-process.ts")

export interface OtherEngine {
  enter(conversation: string, device: PresentDevice): Promise<unknown>
  present(conversation: string): Promise<unknown>
  signal(signal: NodeJS.Signals): void
  kill(): Promise<void>
}

export async function startOtherEngine(url: string): Promise<OtherEngine> {
  const args = ["--conditions=everthread:source", `--import=${hooks}`, script, url]
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] })
  const ended = once(child, "exit")
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse(String((await answers.next()).value)) as unknown
  const ask = async (...command: readonly unknown[]) => {
    child.stdin.write(`${JSON.stringify(command)}\n`)
    return next()
  }
  await next()
  return {
    enter: (conversation, device) => ask("enter", conversation, device),
    present: (conversation) => ask("present", conversation),
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill("SIGKILL")
      await ended
    },
  }
}
