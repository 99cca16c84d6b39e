/** Telling after it is durable, in order; and proving that one hears. */
import { ManualClock, settled } from "../../../test/support/manual-clock.ts"
import { startCanary } from "../src/delivery/canary.ts"
import { durableOrder } from "../src/delivery/durable-order.ts"

function waits() {
  const clock = new ManualClock()
  const told: string[] = []
  const pending: { partition: number; resolve(): void; reject(error: Error): void }[] = []
  const order = durableOrder({
    clock,
    charsMax: 100,
    durable: (partition) => new Promise((resolve, reject) => void pending.push({ partition, resolve, reject })),
    dropped: (partition) => void told.push(`dropped ${partition}`),
  })
  const tell = (name: string, partition = 0, chars = 1) => order.tell(partition, chars, () => void told.push(name))
  const next = async () => {
    pending.shift()?.resolve()
    await settled()
  }
  return { clock, told, pending, order, tell, next }
}

describe("telling what has to be durable first", () => {
  test("[LOG5] nothing is told before it is, and all of it in order", async () => {
    const { told, tell, next, pending } = waits()
    tell("a")
    tell("b")
    await settled()
    tell("c")
    expect([told, pending.length]).toEqual([[], 1])
    // `b` came while the wait for `a` was under way: that wait does not speak for it.
    await next()
    expect(told).toEqual(["a"])
    await next()
    expect([told, pending.length]).toEqual([["a", "b", "c"], 0])
  })

  test("[LOG5] partitions do not wait for each other", async () => {
    const { told, tell, pending } = waits()
    tell("a", 1)
    tell("b", 2)
    pending.find(({ partition }) => partition === 2)?.resolve()
    await settled()
    expect(told).toEqual(["b"])
  })

  test("[LOG5] a wait that fails is tried again, and what waits too long is told as missed in its place", async () => {
    const { clock, told, tell, pending, next } = waits()
    tell("a")
    pending.shift()?.reject(new Error("too few replicas"))
    await clock.advance(200)
    expect([told, pending.length]).toEqual([[], 1])
    tell("b", 0, 60)
    tell("c", 0, 60)
    tell("d")
    await next()
    await next()
    expect(told).toEqual(["a", "dropped 0", "d"])
  })

  test("[CON4] after closing nothing is told", async () => {
    const { told, tell, order, next } = waits()
    tell("a")
    order.close()
    await next()
    expect(told).toEqual([])
  })
})

describe("a canary", () => {
  const start = (publish: () => Promise<number | undefined>) => {
    const clock = new ManualClock()
    const dead: string[] = []
    const setup = {
      clock,
      everyMs: 1_000,
      silentBeatsMax: 3,
      publish,
      dead: (reason: string) => void dead.push(reason),
    }
    return { clock, dead, canary: startCanary(setup) }
  }

  test("[LOG5] a connection that hears nothing for three seconds is dead, and said to be so once", async () => {
    const { clock, dead } = start(async () => 1)
    await clock.advance(2_999)
    expect(dead).toEqual([])
    await clock.advance(60_000)
    expect([dead, clock.timers]).toEqual([["it has heard nothing for 3000 ms"], 0])
  })

  test("[LOG5] one that hears lives, also where nothing can be published for a while", async () => {
    const { clock, dead, canary } = start(() => Promise.reject(new Error("The store is away.")))
    for (let seconds = 0; seconds < 60; seconds += 2) {
      await clock.advance(2_000)
      canary.heard()
    }
    expect(dead).toEqual([])
    canary.stop()
    await clock.advance(60_000)
    expect([dead, clock.timers]).toEqual([[], 0])
  })

  test("[LOG5] a process that stood still itself blames nobody", async () => {
    const clock = new ManualClock()
    const late: (() => void)[] = []
    const dead: string[] = []
    // Timers that are hours late fire once, and what was heard is read after them.
    const slow = Object.assign(Object.create(clock), {
      startTimer: (_: number, run: () => void) => late.push(run) && {},
    })
    const canary = startCanary({
      clock: slow,
      everyMs: 1_000,
      silentBeatsMax: 3,
      publish: async () => 1,
      dead: (why) => void dead.push(why),
    })
    for (let hours = 0; hours < 10; hours++) {
      late.shift()?.()
      await settled()
      canary.heard()
    }
    expect(dead).toEqual([])
  })

  test("[LIN1] a connection that the server of the commands does not know is dead at once", async () => {
    const { dead } = start(async () => 0)
    await settled()
    expect(dead).toEqual(["the server that takes the commands does not know it"])
  })
})
