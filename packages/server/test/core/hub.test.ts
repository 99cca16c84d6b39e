/** Which conversations are live on a node, and for how long. */

import { ManualClock } from "../../../../test/support/manual-clock.ts"
import type { Follower } from "../../src/core/followers.ts"
import { message } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { bench } from "../support/subscription-under-test.ts"

const follower: Follower = { frame() {}, ephemeral() {}, lost() {} }
const idleMs = 30_000

function hubOn(log: FakeLog) {
  const clock = new ManualClock()
  return { clock, hub: bench({ log, clock }).hub }
}

describe("the hub", () => {
  test("everybody who asks at once gets one feed", async () => {
    const log = new FakeLog()
    log.write(message("1"))
    const { hub } = hubOn(log)
    const [one, two] = await Promise.all([hub.feed("c"), hub.feed("c")])
    expect(one).toBeDefined()
    expect(two).toBe(one)
    expect(log.listeners).toBe(1)
  })

  test("a feed that is followed stays; one that is not goes, and no timer is left", async () => {
    const log = new FakeLog()
    log.write(message("1"))
    const { hub, clock } = hubOn(log)
    const unfollow = (await hub.feed("c"))?.follow(follower)
    await clock.advance(10 * idleMs)
    expect(hub.size).toBe(1)
    unfollow?.()
    await clock.advance(2 * idleMs)
    expect([hub.size, log.listeners, clock.timers]).toEqual([0, 0, 0])
  })

  test("[LOG4] one that does not exist is not remembered, and is there once it is", async () => {
    const log = new FakeLog()
    log.exists = false
    const { hub } = hubOn(log)
    expect(await hub.feed("c")).toBeUndefined()
    expect(hub.size).toBe(0)
    log.exists = true
    log.write(message("1"))
    expect((await hub.feed("c"))?.head).toBe("1-aaaaaaaa")
  })

  test("[CON6] a store that fails is not remembered either", async () => {
    const log = new FakeLog()
    log.write(message("1"))
    log.step = () => {
      throw new Error("The store is away.")
    }
    const { hub } = hubOn(log)
    await expect(hub.feed("c")).rejects.toThrow("The store is away.")
    log.step = () => undefined
    expect((await hub.feed("c"))?.head).toBe("1-aaaaaaaa")
  })
})
