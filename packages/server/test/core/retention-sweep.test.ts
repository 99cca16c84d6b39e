/** Going through every conversation: all of them, again and again, whatever one of them or the store does. */
import { type ConversationsPage, type Directory, EngineError } from "@everthread/engine"
import { ManualClock } from "../../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import { RetentionSweep } from "../../src/core/retention-sweep.ts"
import { recordingLog } from "../support/quiet-log.ts"

const everyMs = 3_600_000
const names = Array.from({ length: 100 }, (_, at) => `c${String(at).padStart(3, "0")}`)

function sweepOver(enforce: (conversation: string) => Promise<void> | void) {
  const clock = new ManualClock()
  const logger = recordingLog()
  const looked: string[] = []
  const directory = {
    async every(from: string | undefined, max: number): Promise<ConversationsPage> {
      const rest = names.filter((name) => from === undefined || name > from)
      const conversations = rest.slice(0, max)
      return { conversations, next: rest.length > max ? conversations.at(-1) : undefined }
    },
  } as unknown as Directory
  const sweep = new RetentionSweep({
    directory,
    enforce: async (conversation) => {
      looked.push(conversation)
      await enforce(conversation)
    },
    clock,
    random: seededRandom(1),
    logger,
    everyMs,
  })
  return { sweep, clock, logger, looked }
}

describe("the sweep", () => {
  test("[RET4] it looks at every conversation once a round, some at a time", async () => {
    const { sweep, clock, looked } = sweepOver(() => undefined)
    sweep.start()
    expect(looked).toEqual([])
    await clock.advance(everyMs)
    expect(looked).toEqual(names)
    await clock.advance(everyMs + 10_000)
    expect(looked).toEqual([...names, ...names])
    sweep.stop()
  })

  test("[RET4] one that cannot be looked at stops none of the others", async () => {
    const { sweep, clock, looked, logger } = sweepOver((name) => {
      if (name === "c007") throw new Error("a snapshot that is none")
    })
    sweep.start()
    await clock.advance(everyMs)
    expect(looked).toEqual(names)
    expect(logger.lines).toMatchObject([{ level: "error", fields: { conversation: "c007" } }])
    sweep.stop()
  })

  test("[RET4] a store that is away ends the round, and the next one begins anew", async () => {
    let isAway = true
    const { sweep, clock, looked, logger } = sweepOver((name) => {
      if (isAway && name === "c040") throw new EngineError("unavailable", "gone")
    })
    sweep.start()
    await clock.advance(everyMs)
    expect(looked).toEqual(names.slice(0, 41))
    expect(logger.lines).toMatchObject([{ level: "warn" }])
    isAway = false
    await clock.advance(everyMs + 10_000)
    expect(looked.slice(41)).toEqual(names)
    sweep.stop()
  })

  test("[CON4] once it is stopped it looks at nothing more, also in the middle of a page", async () => {
    const { sweep, clock, looked } = sweepOver((name) => {
      if (name === "c010") sweep.stop()
    })
    sweep.start()
    await clock.advance(3 * everyMs)
    expect(looked).toEqual(names.slice(0, 11))
    expect(clock.timers).toBe(0)
  })
})
