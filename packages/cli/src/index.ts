/** The command, for programs that want to run it in their own process. */
export type { CliContext } from "./context.ts"
export { run, runCommand } from "./main.ts"
export { createProgram } from "./program.ts"
