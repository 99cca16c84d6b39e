/** What is said at the end, and how the command ends: a count that is wrong is a failure. */
import { CliError } from "../failure.ts"
import { closingTable } from "./closing-table.ts"
import type { DemoCounts } from "./counts.ts"
import type { Check } from "./judge.ts"
import type { DemoOptions } from "./run-demo.ts"
import type { StartedCluster } from "./start-cluster.ts"
import type { DemoTexts } from "./texts.ts"

export interface ShowResult {
  readonly run: string
  readonly cluster: Pick<StartedCluster, "store" | "nodes" | "complaints">
  readonly counts: DemoCounts
  readonly checks: readonly Check[]
}

type ConcludeOptions = Pick<DemoOptions, "json" | "texts" | "stage" | "context">

const columnsDefault = 80

export function showTable({ checks }: ShowResult, { json, output, texts, stage }: DemoOptions): void {
  stage.end()
  if (json) return
  const table = closingTable(checks, { columns: output.columns ?? columnsDefault, paint: stage.paint, texts })
  output.write(`\n${table.join("\n")}\n\n`)
}

/**
 * Said when everything has ended, so that what is said of what is left is true.
 * @throws CliError if a count is wrong.
 */
export function conclude({ run, cluster, counts, checks }: ShowResult, seconds: number, options: ConcludeOptions) {
  const { json, texts, stage, context } = options
  const wrong = checks.filter(({ ok }) => !ok)
  const left = cluster.store === "redis" ? texts.leftInRedis(run) : texts.leftNothing
  if (json) {
    const nodes = cluster.nodes.map(({ url }) => url)
    const about = { ok: wrong.length === 0, store: cluster.store, nodes, run, seconds: Number(seconds.toFixed(1)) }
    context.out(`${JSON.stringify({ ...about, checks, counts, left })}\n`)
  } else {
    if (wrong.length === 0) stage.say(texts.allOk(checks.length, seconds.toFixed(1)))
    stage.say(left)
  }
  if (wrong.length > 0) throw wrongCounts(wrong.length, cluster.complaints(), texts)
}

function wrongCounts(count: number, complaints: string, texts: DemoTexts): CliError {
  const said = complaints === "" ? "" : `\n${texts.complaints}\n${complaints}`
  return new CliError(texts.someWrong(count), texts.someWrongAdvice + said)
}
