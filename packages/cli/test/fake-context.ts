/** A context whose output can be read, in a folder of its own. */
import { systemClock, systemRandom } from "@everthread/protocol"
import type { CliContext } from "../src/context.ts"
import { runCommand } from "../src/main.ts"

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command in this process, with nothing of this process's environment. */
export async function ran(args: readonly string[], given: Partial<CliContext> = {}): Promise<Ran> {
  let out = ""
  let err = ""
  const context: CliContext = {
    language: "en",
    env: {},
    folder: "/nowhere",
    clock: systemClock,
    random: systemRandom,
    out: (text) => {
      out += text
    },
    terminal: {
      write: (text) => {
        err += text
      },
    },
    ...given,
  }
  const code = await runCommand(args, context)
  return { code, out, err }
}
