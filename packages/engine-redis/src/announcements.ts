/**
 * What workers say of themselves: one small hash for all of them, and one of the agents that were served lately.
 *
 * How lately, the nodes' wall clocks say. It only decides whether a message to an agent that nobody serves at the
 * moment is taken; who lives is told by heartbeats, and by no clock that two machines share.
 */
import type { Announcement, Leases } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import { pairsOf } from "./pairs.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

/** How long an agent stays known that nobody serves any more. */
const agentKnownMs = 24 * 60 * 60 * 1_000

export function announcements(store: Store, keys: Keys): Pick<Leases, "announce" | "announced" | "withdraw"> {
  const at = { partition: keys.beatPartition, keys: [keys.announced, keys.agents] as [string, string] }
  return {
    async announce({ owner, agents, ...rest }) {
      const args = [owner, JSON.stringify({ ...rest, agents }), String(store.clock.now()), ...agents]
      await store.run({ script: scripts.announce, ...at, args })
    },
    async announced() {
      const { list } = await store.run({ script: scripts.all, ...at, args: ["HGETALL"] })
      const oldest = store.clock.now() - agentKnownMs
      return {
        workers: pairsOf(list[0]).map(([owner, text]): Announcement => ({ owner, ...aboutOf(text) })),
        agents: pairsOf(list[1]).flatMap(([agent, knownAt]) => (Number(knownAt) >= oldest ? [agent] : [])),
      }
    },
    async withdraw({ owner, agents }) {
      const now = store.clock.now()
      const args = [owner, String(now), String(now - agentKnownMs), ...agents]
      await store.run({ script: scripts.withdraw, ...at, args })
    },
  }
}

const aboutOf = (text: string): Omit<Announcement, "owner"> => JSON.parse(text) as Omit<Announcement, "owner">
