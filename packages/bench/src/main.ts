/** `npm run bench`: measures, prints, and says whether the figures hold that the project's claims stand on. */
import { systemClock, systemRandom } from "@everthread/protocol"
import type { Bench } from "./bench.ts"
import { benches } from "./benches.ts"
import { type Asked, helpOf, listOf, readAsked } from "./quick/options.ts"
import { progressOn } from "./quick/progress.ts"
import { conclude } from "./report/conclude.ts"
import { keepPages } from "./report/keep.ts"
import type { Section } from "./report/section.ts"
import { runBench } from "./run-bench.ts"

const roundsOf = { no: 5, yes: 3, all: 2 } as const

const asked = readAsked(process.argv.slice(2), benches)
switch (asked.ask) {
  case "help":
    console.log(helpOf(benches))
    break
  case "list":
    console.log(listOf(benches))
    break
  case "refuse":
    console.error(`${asked.why}\nnpm run bench -- --help says what there is.`)
    process.exitCode = 2
    break
  case "run":
    // Whatever a part that failed has left running ends with this process.
    process.exit((await run(asked)) ? 0 : 1)
}

async function run({ chosen, quick, only, plots, docs, seed }: Extract<Asked, { ask: "run" }>): Promise<boolean> {
  const bench: Bench = {
    clock: systemClock,
    random: systemRandom,
    isQuick: quick !== "no",
    rounds: roundsOf[quick],
    ...(seed === undefined ? {} : { seed }),
    say: progressOn(process.stderr, systemClock),
  }
  const sections: Section[] = []
  for (const { name, parts, json } of chosen) {
    if (chosen.length > 1) console.log(`\n==== ${name}`)
    sections.push(...(await runBench(parts, bench, { json, plots, only })))
    if (docs !== undefined) keep(docs, name)
  }
  const { isGood, lines } = conclude(sections)
  console.log(`\n${lines.join("\n")}`)
  return isGood
}

/** A part that could not be measured leaves its page as it was, and is no reason not to measure the others. */
function keep(folder: string, name: string): void {
  try {
    keepPages(folder, name, Object.keys(benches))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}
