/** A node's event loop is held up, as by a computation that does not end: its sockets stay open, and nobody answers on them. */
import type { Nemesis } from "./nemesis.ts"
import { harmNode } from "./take-one.ts"

export const blockNode: Nemesis = {
  name: "block-node",
  about: "a node's event loop is held up, by turns for less and for more than its lease",
  lastsMs: { least: 300, most: 5_000 },
  unfit: ({ nodes }) => (nodes.some(({ hold }) => hold) ? undefined : "these nodes have no lever for it"),
  begin: (deployment, random) =>
    harmNode(deployment, random, async ({ hold }) => {
      await hold?.hold()
      return { what: "event loop held up", mend: async () => hold?.release() }
    }),
}
