/** What was found, for people: what is wrong, where, and what to do next. */
import type { Paint } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import type { Language } from "../language.ts"
import type { Finding, FindingKind } from "./finding.ts"
import { findingWords } from "./finding-words.ts"
import type { OpenedReader } from "./opened-reader.ts"
import type { Surveyed } from "./survey.ts"
import type { VerifyTexts } from "./texts.ts"

export interface ReportOptions {
  readonly language: Language
  readonly texts: VerifyTexts
  readonly paint: Paint
  /** Of the terminal. */
  readonly columns: number
  readonly isSample: boolean
}

/** So many of one kind are shown: what to do about the others is the same. */
const shownOfKind = 20
const numberFormat = new Intl.NumberFormat("en")
export const numberText = (value: number): string => numberFormat.format(value)

export function reportText({ reader, occupants }: OpenedReader, surveyed: Surveyed, options: ReportOptions): string {
  const { texts, paint } = options
  const { findings, conversations, entries, archived, checkpoints } = surveyed
  const [looked, live] = [[conversations, entries, archived, checkpoints].map(numberText), occupants.join(", ")]
  const [c = "", e = "", a = "", p = ""] = looked
  const lines = [
    paint("strong", reader.description),
    ...(live === "" ? [] : [texts.live(live)]),
    texts.looked({ conversations: c, entries: e, archived: a, checkpoints: p }),
    "",
    ...kindsIn(findings).flatMap((kind) => kindLines(kind, findings, options)),
    ...(surveyed.more > 0 ? [texts.others(numberText(surveyed.more)), ""] : []),
    verdictLine(surveyed, options),
  ]
  return `${lines.join("\n")}\n`
}

function verdictLine({ findings, more }: Surveyed, { texts, paint, isSample }: ReportOptions): string {
  if (findings.length > 0) return paint("bad", texts.broken(numberText(findings.length + more)))
  return paint("good", isSample ? texts.sampled : texts.whole)
}

const kindsIn = (findings: readonly Finding[]): FindingKind[] => [...new Set(findings.map(({ kind }) => kind))]

/** What to do is said once for all of a kind. */
function kindLines(kind: FindingKind, all: readonly Finding[], options: ReportOptions): string[] {
  const { language, texts, paint, columns } = options
  const { what, mend } = findingWords[kind]
  const findings = all.filter((finding) => finding.kind === kind)
  const row = (text: string, indent: string) =>
    rowsOf(text, columns - indent.length).map((part) => indent + part.trimEnd())
  const hidden = findings.length - shownOfKind
  const colon = { en: ": ", zh: "：" }[language]
  return [
    `  ${paint("bad", kind)}`,
    ...findings
      .slice(0, shownOfKind)
      .flatMap((finding) => row(`${finding.conversation}${colon}${what(finding)[language]}`, "    ")),
    ...(hidden > 0 ? [`    ${texts.others(numberText(hidden))}`] : []),
    ...row(`${texts.next}${colon}${mend[language]}`, "      "),
    "",
  ]
}
