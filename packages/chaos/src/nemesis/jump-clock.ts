/** Somebody sets a node's wall clock, by minutes or by hours, ahead or back; it is set right again later. */
import { oneOf } from "@everthread/sim"
import type { Nemesis } from "./nemesis.ts"
import { harmNode } from "./take-one.ts"

const minuteMs = 60_000
const jumps = [-120, -5, 5, 120] as const

export const jumpClock: Nemesis = {
  name: "jump-clock",
  about: "a node's wall clock jumps, by minutes or hours, ahead or back, and is set right later",
  lastsMs: { least: 500, most: 10_000 },
  unfit: ({ nodes }) => (nodes.some(({ clock }) => clock) ? undefined : "these nodes have no lever for it"),
  begin: (deployment, random) =>
    harmNode(deployment, random, async ({ clock }) => {
      const minutes = oneOf(random, jumps)
      await clock?.jump(minutes * minuteMs)
      const what = `wall clock ${Math.abs(minutes)} minutes ${minutes < 0 ? "back" : "ahead"}`
      return { what, mend: async () => clock?.jump(0) }
    }),
}
