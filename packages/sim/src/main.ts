/** `npm run sim`: plays seeds, or lets mutants be found. Exits with 1 where something is wrong, with 2 for wrong arguments. */
import { huntMutants } from "./cli/hunt-mutants.ts"
import { readOptions, type SimOptions, usage } from "./cli/options.ts"
import { playSeeds } from "./cli/play-seeds.ts"
import { showOn } from "./cli/show.ts"

function optionsOrWhyNot(): SimOptions | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\nnpm run sim -- --help says what there is.\n`,
    )
    process.exitCode = 2
    return undefined
  }
}

const options = optionsOrWhyNot()
if (options?.help) process.stdout.write(`${usage}\n`)
else if (options) {
  const show = showOn(process.stdout)
  const isWell = await (options.mutants ? huntMutants(options, show) : playSeeds(options, show))
  if (!isWell) process.exitCode = 1
}
