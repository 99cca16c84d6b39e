/** What an attack came to, for people: what was done, what was found, and what is left behind. */
import type { AttackOutcome } from "@everthread/chaos/attack"
import type { Paint } from "../chat/style.ts"
import type { ChaosFlags } from "./chaos-command.ts"
import { removal } from "./removal.ts"
import type { ChaosTexts } from "./texts.ts"

export interface OutcomeOptions {
  readonly flags: ChaosFlags
  readonly texts: ChaosTexts
  readonly paint: Paint
  readonly isInterrupted: boolean
}

/** The others are in the report. */
const shownMax = 20

export function outcomeText(outcome: AttackOutcome, { flags, texts, paint, isInterrupted }: OutcomeOptions): string {
  const { operations, acknowledged, counts, faults, leftOut, findings, report, cast } = outcome
  const named = [...faults].map(([name, count]) => `${name} ${count}`).join(", ")
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0)
  const { prefix, conversations } = cast
  const remove = flags.redis === undefined ? undefined : removal(flags.redis, prefix, conversations)
  const lines = [
    ...(isInterrupted ? [paint("warn", texts.interrupted)] : []),
    texts.did(operations, acknowledged, counts.resent),
    texts.faults(total, named),
    ...leftOut.map(({ name, why }) => paint("dim", texts.leftOut(name, why))),
    ...(flags.redis === undefined ? [paint("dim", texts.noStore)] : []),
    "",
    findings.length === 0 ? paint("good", texts.none) : paint("bad", texts.found(findings.length)),
    ...findings.slice(0, shownMax).map(({ law, conversation, device, what }) => {
      return `  ${paint("bad", law)} ${[conversation, device].filter((word) => word).join(" ")}: ${what}`
    }),
    "",
    texts.report(report),
    texts.left(prefix, conversations, remove),
  ]
  return `${lines.join("\n")}\n`
}
