/** `npm run bench -- NAME`: measures, prints, and says whether the figures hold that the project's claims stand on. */
import { parseArgs } from "node:util"
import { systemClock, systemRandom } from "@everthread/protocol"
import { benches } from "./benches.ts"
import { runBench } from "./run-bench.ts"

const help = `Measures Everthread beside the nearest thing that does less.

  npm run bench -- redis                 the store: appends, memory, delivery over two nodes
  npm run bench -- runs                  agents: tokens from the graph to the devices, the first word, takeover
  npm run bench -- redis --quick         fewer operations and cases, under three minutes
  npm run bench -- redis --only NAME     one part; as often as needed

Options:
  --json FILE     the figures as JSON as well
  --plots FOLDER  the plots as SVG as well
  --quick         fewer operations and cases; as many rounds
  --only NAME     redis: append-cost, round-trips, memory, delivery, throughput; runs: tokens, first-word, takeover
  --help          this text

It starts servers of its own on free ports, and needs redis-server. It ends with 1 when a figure misses its target.
Other work on the machine makes every figure worse and the ratios uncertain: leave it alone meanwhile.`

let lastPart = ""
const { values, positionals } = readArguments()
const parts = benches[positionals[0] ?? ""]
if (values.help) console.log(help)
else if (!parts || positionals.length !== 1) refuse(`name one bench: ${Object.keys(benches).join(" or ")}`)
else {
  const { json, plots, quick: isQuick = false, only = [] } = values
  const bench = { clock: systemClock, random: systemRandom, isQuick, rounds: 5, say }
  const isGood = await runBench(parts, bench, { json, plots, only }).catch((error: unknown) => {
    console.error(error)
    return false
  })
  // Whatever a part that failed has left running ends with this process.
  process.exit(isGood ? 0 : 1)
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "string" },
        plots: { type: "string" },
        quick: { type: "boolean" },
        only: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${help}`)
  process.exit(2)
}

/** On a terminal one line that is written over; elsewhere a line for each part. */
function say(text: string): void {
  if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[K${text.slice(0, process.stderr.columns - 1)}`)
  const [part = ""] = text.split(":", 1)
  if (part !== "" && part !== lastPart) console.error(`… ${part}`)
  if (part !== "") lastPart = part
}
