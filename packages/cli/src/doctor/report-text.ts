/** What was found, for people: the servers, what is wrong with them, and what mends it. */
import { type Examination, type Finding, type FindingLevel, serverName } from "@everthread/engine-redis"
import type { Paint, Style } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import type { Language } from "../language.ts"
import { serverTable } from "./server-table.ts"
import type { DoctorTexts } from "./texts.ts"
import { isFit, lesserLevel } from "./verdict.ts"

export interface ReportOptions {
  readonly durability: string
  readonly language: Language
  readonly texts: DoctorTexts
  readonly paint: Paint
  /** Of the terminal. */
  readonly columns: number
}

/** One thing that was found, at one or more servers. */
interface Complaint {
  readonly level: FindingLevel
  readonly servers: string[]
  readonly text: string
  readonly mend: string[]
}

const styles: Readonly<Record<FindingLevel, Style>> = { refusal: "bad", warning: "warn", note: "dim", ok: "good" }
const colon: Readonly<Record<Language, string>> = { en: ": ", zh: "：" }
const order: readonly FindingLevel[] = ["refusal", "warning", "note"]

export function reportText(examination: Examination, options: ReportOptions): string {
  const { durability, texts, paint } = options
  const complaints = complaintsIn(examination, options)
  const fit = isFit(examination)
  const lesser = lesserLevel(examination)
  const lines = [
    paint("strong", texts.title(examination.kind, durability)),
    "",
    ...serverTable(examination.servers, texts, paint),
    "",
    ...examination.problems.flatMap((text) =>
      complaintLines({ level: "refusal", servers: [], text, mend: [] }, options),
    ),
    ...complaints.flatMap((complaint) => complaintLines(complaint, options)),
    ...(complaints.length + examination.problems.length === 0 ? [`  ${texts.allFine}`, ""] : []),
    fit ? paint("good", texts.fit(durability)) : paint("bad", texts.unfit(durability)),
    ...(lesser ? [texts.lesser(lesser)] : []),
  ]
  return `${lines.join("\n")}\n`
}

/** What several servers have in common is said once. */
function complaintsIn({ servers }: Examination, { language, texts }: ReportOptions): Complaint[] {
  const byText = new Map<string, Complaint>()
  for (const { address, failure, findings } of servers) {
    const complain = (level: FindingLevel, text: string, mend: readonly string[]) => {
      const complaint = byText.get(`${level} ${text}`) ?? { level, servers: [], text, mend: [] }
      byText.set(`${level} ${text}`, complaint)
      complaint.servers.push(serverName(address))
      complaint.mend.push(...mend.filter((line) => !complaint.mend.includes(line)))
    }
    if (failure !== undefined) complain("warning", texts.unseen + colon[language] + failure, [])
    for (const { level, found, why, mend } of findings.filter(isComplaint))
      complain(level, found[language] + colon[language] + why[language], linesOf(mend, language))
  }
  return [...byText.values()].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
}

const isComplaint = ({ level }: Finding): boolean => level !== "ok"
const linesOf = (mend: Finding["mend"], language: Language): string[] => mend.map((line) => line[language])

function complaintLines({ level, servers, text, mend }: Complaint, { texts, paint, columns }: ReportOptions): string[] {
  const where = servers.length === 0 ? "" : ` ${servers.join(", ")}`
  return [
    `  ${paint(styles[level], texts.levels[level])}${where}`,
    ...rowsOf(text, columns - 4).map((row) => `    ${row.trimEnd()}`),
    // Not wrapped: they are there to be copied.
    ...mend.map((line) => `      ${line}`),
    "",
  ]
}
