/** What has to be true of each row of the kill matrix, whatever its place. */
import { check } from "@everthread/sim"
import { answer } from "./journey-script.mjs"
import type { Played } from "./kill-matrix.ts"
import { beginnings } from "./matrix-rows.ts"
import type { Watcher } from "./watcher.ts"

const expected = { rollback: false, present: ["ada/follower"], answer: () => answer }

export function expectRow({ row, history, attempts }: Played, watcher: Watcher, hasOthers: boolean): void {
  const { conversation } = history
  expect(check(history, expected).map(({ law, what }) => `${law}: ${what}`)).toEqual([])
  // One more for the answer.
  expect(attempts).toHaveLength(2 + (row.place === "waiting" ? 0 : row.kills))
  if (hasOthers && row.kills > 0) expect(new Set(attempts).size).toBeGreaterThan(1)
  const begun = Object.keys(beginnings(row)).map((task) => {
    return [task, watcher.visits(conversation, task === "tool" ? "tool:begun" : `${task}:0`)] as const
  })
  expect(Object.fromEntries(begun)).toEqual(expectedBeginnings(row))
  const effects = watcher.effects(conversation)
  expect(effects.map(({ again }) => again)).toEqual(row.effects)
  expect(new Set(effects.map(({ key }) => key)).size).toBe(1)
}

/** What `once` has kept is given without the tool beginning what it does. */
function expectedBeginnings(row: Played["row"]): Readonly<Record<string, number>> {
  const begun = beginnings(row)
  return row.place === "tool:kept" && row.pays === "once" ? { ...begun, tool: 1 } : begun
}
