/** Holds what was shown against what is told when nothing happens. Pure: every check is two numbers that have to be the same. */
import type { Shown } from "./shown.ts"

/** Each has its words in `texts.ts`. */
export type Promised = "sameText" | "wrongMoments" | "retracted" | "attempts" | "ended" | "asked"

export interface Check {
  readonly promise: Promised
  readonly promised: number
  readonly counted: number
  readonly ok: boolean
}

/**
 * @param story as it is told when nothing happens.
 * @param watching what the devices showed that were there all the time.
 * @param newcomer what one shows that came when all was over.
 */
export function judgeTakeover(story: readonly string[], watching: readonly Shown[], newcomer: Shown): readonly Check[] {
  const texts = [...watching, newcomer].map(({ chapters }) => chapters.join("\n"))
  const sum = (of: (shown: Shown) => number) => watching.reduce((total, shown) => total + of(shown), 0)
  const most = (of: (shown: Shown) => number) => Math.max(0, ...watching.map(of))
  return [
    check("sameText", 1, new Set([story.join("\n"), ...texts]).size),
    check("wrongMoments", 0, sum(({ wrongMoments }) => wrongMoments) + newcomer.wrongMoments),
    check("retracted", watching.length, watching.filter(({ retracted }) => retracted.length > 0).length),
    check(
      "attempts",
      2,
      most(({ attempts }) => attempts.length),
    ),
    check(
      "ended",
      1,
      most(({ ends }) => ends),
    ),
    check("asked", 1, newcomer.questions),
  ]
}

function check(promise: Promised, promised: number, counted: number): Check {
  return { promise, promised, counted, ok: promised === counted }
}
