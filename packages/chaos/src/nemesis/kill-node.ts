/** A node's process dies without a word, and is started again. */
import type { Nemesis } from "./nemesis.ts"
import { startAgain } from "./start-again.ts"
import { harmNode } from "./take-one.ts"

export const killNode: Nemesis = {
  name: "kill-node",
  about: "a node is killed (SIGKILL), and started again later",
  lastsMs: { least: 500, most: 6_000 },
  unfit: () => undefined,
  begin: (deployment, random) =>
    harmNode(deployment, random, async (node) => {
      await node.kill()
      return { what: "killed (SIGKILL)", mend: () => startAgain(node) }
    }),
}
