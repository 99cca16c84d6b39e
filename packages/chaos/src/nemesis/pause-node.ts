/** A node stands still for longer than its lease lasts, and goes on as if nothing had been: what it owned is others' by then. */
import type { Nemesis } from "./nemesis.ts"
import { harmNode } from "./take-one.ts"

export const pauseNode: Nemesis = {
  name: "pause-node",
  about: "a node stands still (SIGSTOP), mostly for longer than its lease, and goes on",
  lastsMs: { least: 1_000, most: 8_000 },
  unfit: () => undefined,
  begin: (deployment, random) =>
    harmNode(deployment, random, async (node) => {
      await node.freeze()
      return { what: "stopped where it was (SIGSTOP)", mend: async () => node.thaw() }
    }),
}
