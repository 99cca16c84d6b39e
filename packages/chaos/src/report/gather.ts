/** Makes of a record what its page shows. Histories, which are most of it, are looked at one at a time and let go. */
import type { FaultLine, FindingLine, OperationLine, RecordLine, RunLine, StateLine } from "../record/record.ts"
import { entriesAround } from "./around.ts"
import { columnsOf } from "./columns.ts"
import { figuresOf } from "./figures.ts"
import { lanesOf } from "./lanes-of.ts"
import { readRecord, type Unreadable } from "./read-record.ts"
import type { FoundData, ReportData } from "./report-data.ts"
import { takeoversIn } from "./takeovers.ts"

/** So many are shown: who reads the first hundred knows enough. */
const foundMax = 100

interface Gathered {
  run: RunLine | undefined
  end: Extract<RecordLine, { type: "end" }> | undefined
  readonly operations: OperationLine[]
  readonly states: StateLine[]
  readonly faults: FaultLine[]
  readonly findings: FindingLine["finding"][]
  takeovers: number
  unreadable: number
}

/** @throws Error for a record without a beginning. */
export async function gather(file: string): Promise<ReportData> {
  const gathered: Gathered = {
    run: undefined,
    end: undefined,
    operations: [],
    states: [],
    faults: [],
    findings: [],
    takeovers: 0,
    unreadable: 0,
  }
  for await (const line of readRecord(file)) take(gathered, line)
  const { run } = gathered
  if (run === undefined) throw new Error(`${file} is no record of a run: no line says what was run.`)
  return dataOf({ ...gathered, run }, await foundWith(file, gathered.findings.slice(0, foundMax)))
}

function take(gathered: Gathered, line: RecordLine | Unreadable): void {
  if (line.type === "run") gathered.run ??= line
  else if (line.type === "operation") gathered.operations.push(line)
  else if (line.type === "state") gathered.states.push(line)
  else if (line.type === "fault") gathered.faults.push(line)
  else if (line.type === "finding") gathered.findings.push(line.finding)
  else if (line.type === "history") gathered.takeovers += takeoversIn(line.history)
  else if (line.type === "end") gathered.end = line
  else gathered.unreadable += 1
}

/** Reads the record once more: which histories matter is known only when all findings are. */
async function foundWith(file: string, findings: Gathered["findings"]): Promise<FoundData[]> {
  const found: FoundData[] = findings.map((finding) => ({ ...finding, entries: [] }))
  if (findings.length === 0) return found
  for await (const line of readRecord(file)) {
    if (line.type !== "history") continue
    for (const [index, finding] of findings.entries()) {
      if (finding.conversation !== line.history.conversation) continue
      found[index] = { ...finding, entries: entriesAround(finding, line.history) }
    }
  }
  return found
}

function dataOf(gathered: Gathered & { readonly run: RunLine }, findings: readonly FoundData[]): ReportData {
  const { run, end, operations, faults, unreadable } = gathered
  const { type: _, ...ran } = run
  return {
    run: ran,
    ...(end === undefined ? {} : { end: withoutType(end) }),
    ms: lengthOf(gathered),
    lanes: lanesOf(gathered),
    faults: [...faults].sort((a, b) => a.fromMs - b.fromMs).map(withoutType),
    operations: columnsOf(operations, run.devices),
    figures: figuresOf(gathered),
    findings,
    more: gathered.findings.length - findings.length,
    unreadable,
  }
}

function withoutType<T extends { readonly type: string }>({ type: _, ...rest }: T): Omit<T, "type"> {
  return rest
}

function lengthOf({ end, operations, states, faults }: Gathered): number {
  const times = [operations.map(({ fromMs, toMs }) => toMs ?? fromMs), states.map(({ atMs }) => atMs)]
  return [...times, faults.map(({ toMs }) => toMs)].flat().reduce((a, b) => Math.max(a, b), end?.ms ?? 1)
}
