/** That a device came or went is said until the store has taken it, and what is said last is what is true. */
import type { Engine } from "@everthread/engine"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { PresenceNews } from "../../src/core/presence-facts.ts"

const phone = { user: "ada", device: "phone" }

function scene() {
  const clock = new ManualClock()
  const said: boolean[] = []
  const store = { state: "up" as "up" | "away" | "closed" }
  const publish = async (_conversation: string, body: string) => {
    if (store.state === "closed") throw new Error("closed")
    if (store.state === "away") return false
    said.push((JSON.parse(body) as { on: boolean }).on)
    return true
  }
  const news = new PresenceNews({ engine: { log: { publish } } as unknown as Engine, clock })
  return { clock, news, said, store }
}

describe("news of who is here", () => {
  test("[NOD2] what the store did not take is said again until it does, and then no more", async () => {
    const { clock, news, said, store } = scene()
    store.state = "away"
    await news.tell("c", phone, true)
    await clock.advance(5_000)
    expect(said).toEqual([])
    store.state = "up"
    await clock.advance(1_000)
    await clock.advance(10_000)
    expect(said).toEqual([true])
    expect(clock.timers).toBe(0)
  })

  test("[NOD2] only the newest of a device is said later", async () => {
    const { clock, news, said, store } = scene()
    store.state = "away"
    await news.tell("c", phone, true)
    await news.tell("c", phone, false)
    store.state = "up"
    await news.tell("d", phone, true)
    await clock.advance(10_000)
    expect(said).toEqual([true, false])
  })

  test("nothing is said again once the store is closed", async () => {
    const { clock, news, store } = scene()
    store.state = "away"
    await news.tell("c", phone, true)
    store.state = "closed"
    await clock.advance(10_000)
    await settled()
    expect(clock.timers).toBe(0)
  })
})
