/** Holds what was recorded against what is promised. Pure. */
import type { Expected, Finding, History } from "../history/history.ts"
import { checkApart } from "./check-apart.ts"
import { checkChanged } from "./check-changed.ts"
import { checkChanges } from "./check-changes.ts"
import { checkEnd } from "./check-end.ts"
import { checkFrames } from "./check-frames.ts"
import { checkMembers } from "./check-members.ts"
import { checkMessages } from "./check-messages.ts"
import { checkNamed } from "./check-named.ts"
import { checkOrder } from "./check-order.ts"
import { checkOwner } from "./check-owner.ts"
import { checkQuestions } from "./check-questions.ts"
import { checkRealTime } from "./check-real-time.ts"
import { checkRuns } from "./check-runs.ts"
import { checkSaid } from "./check-said.ts"
import { checkShown } from "./check-shown.ts"
import { checkTools } from "./check-tools.ts"
import { checkTurns } from "./check-turns.ts"

/** @returns everything that is wrong; nothing, if all is well. */
export function check(history: History, expected: Expected): Finding[] {
  return [
    ...checkFrames(history),
    ...checkOrder(history, expected),
    ...checkMessages(history, expected),
    ...checkChanges(history, expected),
    ...checkChanged(history),
    ...checkEnd(history, expected),
    ...checkRuns(history, expected),
    ...checkTurns(history),
    ...checkShown(history, expected),
    ...checkSaid(history),
    ...checkApart(history),
    ...checkRealTime(history, expected),
    ...checkQuestions(history),
    ...checkMembers(history, expected),
    ...checkOwner(history),
    ...checkNamed(history),
    ...checkTools(history, expected),
  ]
}
