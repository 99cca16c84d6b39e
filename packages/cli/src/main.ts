/**
 * The process around a command: its arguments, its streams and its exit code.
 *
 * The exit code is set rather than forced, so that what was written to a pipe arrives.
 */
import { systemClock, systemRandom } from "@everthread/protocol"
import type { CliContext } from "./context.ts"
import { explainFailure } from "./failure.ts"
import { languageOf, takeLanguage } from "./language.ts"
import { createProgram, withoutHelpOfNothing } from "./program.ts"

export async function run(args: readonly string[]): Promise<void> {
  surviveClosedPipes()
  const context: CliContext = {
    language: languageOf(process.env),
    env: process.env,
    folder: process.cwd(),
    clock: systemClock,
    random: systemRandom,
    out: (text) => process.stdout.write(text),
    terminal: process.stderr,
  }
  // The clock's timers do not keep a process alive, and a command that waits for a server may have nothing else.
  const awake = setInterval(() => {}, timerMsMax)
  process.exitCode = await runCommand(args, context)
  clearInterval(awake)
}

/** The longest that a timer can be. */
const timerMsMax = 2 ** 31 - 1

/** @returns the exit code. */
export async function runCommand(args: readonly string[], context: CliContext): Promise<number> {
  let { language } = context
  try {
    const { rest, language: named = language } = takeLanguage(args)
    language = named
    const program = createProgram({ ...context, language }, rest.includes("--all"))
    if (rest.length === 0) program.outputHelp()
    else await program.parseAsync(withoutHelpOfNothing(program, rest, language), { from: "user" })
    return 0
  } catch (error) {
    const failure = explainFailure(error, args.includes("--debug"), language)
    context.terminal.write(failure.text)
    return failure.exitCode
  }
}

/** `everthread config schema | head` must not end in a stack; a server goes on without its terminal. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
}
