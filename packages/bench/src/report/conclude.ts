/** What all targets together come to: each with its figure, and one line that says it all. */
import { briefOf, isMet, type Section, textOfTarget } from "./section.ts"

const minuteS = 60

export interface Conclusion {
  readonly isGood: boolean
  readonly lines: readonly string[]
}

export function conclude(sections: readonly Section[]): Conclusion {
  const targets = sections.flatMap((section) => section.targets)
  if (targets.length === 0) return { isGood: true, lines: [...timesOf(sections), "None of this is held to a target."] }
  const missed = targets.filter((target) => !isMet(target))
  const count = missed.length === 0 ? `all ${targets.length} met` : `${missed.length} of ${targets.length} missed`
  const brief = targets.map((target) => `${isMet(target) ? "" : "MISSED "}${briefOf(target)}`).join(" · ")
  return {
    isGood: missed.length === 0,
    lines: [
      ...timesOf(sections),
      "== Targets",
      "",
      ...targets.map((target) => `  ${textOfTarget(target)}`),
      "",
      `${count}: ${brief}`,
    ],
  }
}

/** Of each part, and of all. */
function timesOf(sections: readonly Section[]): string[] {
  const timed = sections.flatMap(({ name, seconds }) => (seconds === undefined ? [] : [{ name, seconds }]))
  if (timed.length === 0) return []
  const all = timed.reduce((sum, { seconds }) => sum + seconds, 0)
  const [minutes, rest] = [Math.floor(all / minuteS), all % minuteS]
  const parts = timed.map(({ name, seconds }) => `${name} ${seconds} s`).join(" · ")
  return [`Took ${minutes} min ${rest} s: ${parts}`, ""]
}
