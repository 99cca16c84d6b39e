/** The law of subscriptions: whatever happens in whatever order, a device gets one gapless run up to the head. */
import type { Clock } from "@everthread/protocol"
import { formatCursor, startCursor } from "@everthread/protocol"
import * as fc from "fast-check"
import { delta, message, opening } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { RecordingSink } from "../support/recording-sink.ts"
import { bench } from "../support/subscription-under-test.ts"

const idleMs = 30_000

/** Time that passes when the scheduler says so; the hub's sweep never comes. */
function scheduledClock(scheduler: fc.Scheduler): Clock {
  return {
    now: () => 0,
    monotonic: () => 0,
    startTimer(delayMs, run) {
      if (delayMs < idleMs) void scheduler.schedule(Promise.resolve(), "timer").then(run)
      return {}
    },
    stopTimer: () => undefined,
    endOfTick: (run) => queueMicrotask(run),
  }
}

interface Plan {
  readonly before: number
  readonly appends: readonly number[]
  readonly start: number | undefined
  readonly failures: readonly number[]
  readonly unheard: readonly number[]
  readonly trimAt: number | undefined
  readonly stateful: boolean
  readonly ringCharsMax: number
}

const plans: fc.Arbitrary<Plan> = fc.record({
  before: fc.integer({ min: 1, max: 12 }),
  appends: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 8 }),
  start: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
  failures: fc.array(fc.nat({ max: 12 }), { maxLength: 3 }),
  unheard: fc.array(fc.nat({ max: 7 }), { maxLength: 2 }),
  trimAt: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
  stateful: fc.boolean(),
  ringCharsMax: fc.constantFrom(1, 400, 100_000),
})

/** Two subscribers, because the feed's state and frames are shared. */
async function play(plan: Plan, scheduler: fc.Scheduler) {
  const log = new FakeLog()
  let made = 0
  const next = () => {
    const name = `${++made}`
    if (made === 3) return opening("a")
    return made % 4 === 0 ? [delta("a", 0, name)] : [message(name)]
  }
  const write = (count: number) => log.store(...Array.from({ length: count }, next).flat())
  write(plan.before)
  log.tellAll()
  if (plan.trimAt !== undefined && plan.trimAt <= log.entries.length) log.trim(plan.trimAt, Math.floor(plan.trimAt / 2))

  let steps = 0
  log.step = async (operation) => {
    const at = steps++
    await scheduler.schedule(Promise.resolve(), operation)
    if (plan.failures.includes(at)) throw new Error("The store is away.")
  }
  const { subscribe } = bench({ log, clock: scheduledClock(scheduler), ringCharsMax: plan.ringCharsMax })
  const start = plan.start === undefined || plan.start > plan.before ? undefined : plan.start
  const cursor = start === undefined ? undefined : start === 0 ? startCursor : formatCursor(start, "aaaaaaaa")
  const sink = new RecordingSink(cursor, log.stateAt(start ?? 0))
  const subscribers = [subscribe(cursor, { stateful: plan.stateful, sink }), subscribe(undefined)]
  const writes = plan.appends.map((count, at) => ({
    label: `append ${at}`,
    builder: async () => {
      write(count)
      // A store's message may be lost; the next one shows the gap.
      if (plan.unheard.includes(at)) log.untold.pop()
      else void scheduler.schedule(Promise.resolve(), "told").then(() => log.tell())
    },
  }))
  scheduler.scheduleSequence(writes)
  await scheduler.waitIdle()
  // Whatever was lost, the next append brings it to light.
  write(1)
  log.tellAll()
  await scheduler.waitIdle()
  return { log, subscribers }
}

describe("a subscription among random faults", () => {
  test("[SUB1] [SUB3] [SUB4] [FRM2] [SNP1] it delivers one gapless run to the head, and says once that it is up to date", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        const { log, subscribers } = await play(plan, scheduler)
        for (const { sink } of subscribers) {
          expect(sink.faults).toEqual([])
          expect(sink.isDense).toBe(true)
          expect(sink.cursor).toBe(log.headNow)
          expect(sink.upToDates).toHaveLength(1)
          expect(sink.state).toEqual(log.stateAt(sink.seq))
          expect(sink.error).toBeUndefined()
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
