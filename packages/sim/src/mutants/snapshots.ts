/** Mistakes about what is left of a log when its beginning is gone, and about the queue that the state holds. */
import { storeOps } from "../store/sim-store.ts"
import { cursorOf } from "../store/state.ts"
import { withLog } from "./around.ts"
import type { Mutant } from "./mutant.ts"

export const snapshots: readonly Mutant[] = [
  {
    name: "a log is trimmed in front of its snapshot",
    breaks: ["SNP2"],
    seedsMax: 200,
    mutation: () => ({
      storeOps: {
        compact(state, request) {
          const isTaken = storeOps.compact(state, request)
          const held = state.conversations.get(request.conversation)
          if (!isTaken || !held) return isTaken
          held.gone.push(...held.entries.splice(0))
          held.trimmed = held.head
          return true
        },
      },
    }),
  },
  {
    name: "a snapshot says that it is newer than it is",
    breaks: ["SNP1"],
    seedsMax: 200,
    mutation: () => ({
      storeOps: {
        compact(state, { snapshot, ...request }) {
          const head = state.conversations.get(request.conversation)?.head
          const cursor = head ? cursorOf(head) : snapshot.cursor
          return storeOps.compact(state, { ...request, snapshot: { ...snapshot, cursor } })
        },
      },
    }),
  },
  {
    name: "what a busy agent has taken in stays in the queue",
    breaks: ["QUE5"],
    seedsMax: 200,
    mutation: () => ({
      engine: (engine) =>
        withLog(engine, {
          append({ bodies, runs, ...request }) {
            const isMerge = bodies.some((body) => body.includes('"outcome":"merged"'))
            if (!isMerge) return engine.log.append({ ...request, bodies, ...(runs && { runs }) })
            // Of a type that nobody knows: it moves the log on, and says nothing.
            const silent = bodies.map((body) => body.replace('"type":"run.ended"', '"type":"run.silent"'))
            return engine.log.append({ ...request, bodies: silent })
          },
        }),
    }),
  },
]
