/** `npm run chaos`: exits with 1 where something is found, with 2 for wrong arguments. */
import { systemClock } from "@everthread/protocol"
import { listNemeses } from "./run/list.ts"
import { type ChaosOptions, readOptions, usage } from "./run/options.ts"
import { hasOwnNetwork, ownNetworkUnfit, runInOwnNetwork } from "./run/own-network.ts"
import { runChaos } from "./run/run.ts"
import { showOn } from "./run/show.ts"

function optionsOrWhyNot(): ChaosOptions | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\nnpm run chaos -- --help says what there is.\n`,
    )
    process.exitCode = 2
    return undefined
  }
}

/** The first Ctrl-C ends it in good order, the second at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController()
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
    })
  }
  return controller.signal
}

async function main(options: ChaosOptions): Promise<number> {
  if (options.mode === "help") {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  if (!hasOwnNetwork() && ownNetworkUnfit() === undefined) return runInOwnNetwork()
  const show = showOn(process.stdout)
  if (options.mode === "list") {
    await listNemeses(options, hasOwnNetwork(), show)
    return 0
  }
  const circumstances = { clock: systemClock, hasOwnNetwork: hasOwnNetwork(), signal: interrupted() }
  return (await runChaos(options, show, circumstances)) ? 0 : 1
}

const options = optionsOrWhyNot()
if (options) {
  const code = await main(options)
  // A connection that still closes is nothing to wait for.
  process.stdout.write("", () => process.exit(code))
}
