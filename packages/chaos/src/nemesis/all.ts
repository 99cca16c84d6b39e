/** Every nemesis there is. One that is not here never comes. */
import { blockNode } from "./block-node.ts"
import { jumpClock } from "./jump-clock.ts"
import { killNode } from "./kill-node.ts"
import { killStore } from "./kill-store.ts"
import type { Nemesis } from "./nemesis.ts"
import { pauseNode } from "./pause-node.ts"
import { pauseStore } from "./pause-store.ts"
import { restartNodes } from "./restart-nodes.ts"

export const nemeses: readonly Nemesis[] = [
  killNode,
  pauseNode,
  blockNode,
  restartNodes,
  killStore,
  pauseStore,
  jumpClock,
]
