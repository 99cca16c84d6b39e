/** At the end everybody shows the same, a stranger included, and nothing is left to be sent. (SPEC SNP1, NOD1, NOD2) */
import { type Expected, type Finding, type History, nameOf, type View } from "../history/history.ts"
import { outsidersOf } from "./outsiders.ts"
import { isSame } from "./same.ts"

type Found = Omit<Finding, "conversation" | "device">

export function checkEnd(history: History, expected: Expected): Finding[] {
  const { conversation, devices } = history
  // Who was removed shows what was there until then.
  const outside = outsidersOf(history)
  const judged = devices.filter(({ user }) => !outside.has(user))
  return judged.flatMap((device) =>
    (device.end ? [...sameView(device.end, history), ...presence(device.end, expected)] : []).map((one) => ({
      conversation,
      device: nameOf(device),
      ...one,
    })),
  )
}

function sameView(end: View, { fresh, log }: History): Found[] {
  // A log of which nothing is left was trimmed up to where somebody is who has just come.
  const head = log.at(-1)?.cursor ?? fresh.cursor
  const found: Found[] = []
  if (end.cursor !== head) found.push({ law: "converge", what: `ends at ${end.cursor}, and the log at ${head}` })
  else if (!isSame(end.state, fresh.state)) found.push({ law: "converge", what: differenceOf(end, fresh) })
  if (!isSame(end.messages, fresh.messages)) {
    found.push({ law: "converge", what: `shows other messages than a device that has just come` })
  }
  if (end.pending > 0) found.push({ law: "converge", what: `still shows ${end.pending} messages as not stored` })
  return found
}

function differenceOf(end: View, fresh: History["fresh"]): string {
  const fields = Object.keys(fresh.state) as (keyof typeof fresh.state)[]
  const differing = fields.filter((field) => !isSame(end.state[field], fresh.state[field]))
  return `shows another state than a device that has just come: ${differing.join(", ")}`
}

function presence(end: View, { present }: Expected): Found[] {
  if (!present) return []
  const shown = [...end.present].sort()
  const right = [...present].sort()
  if (isSame(shown, right)) return []
  return [{ law: "present", what: `takes ${shown.join(", ")} for present; it is ${right.join(", ")}` }]
}
