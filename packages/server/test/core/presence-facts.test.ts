/** That a device came or went is said, or that it is not known who is here, until the store has taken it. */
import type { Engine } from "@everthread/engine"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { PresenceNews } from "../../src/core/presence-facts.ts"

const phone = { user: "ada", device: "phone" }

function scene() {
  const clock = new ManualClock()
  const said: (boolean | string)[] = []
  const store = { state: "up" as "up" | "away" | "closed" }
  const publish = async (_conversation: string, body: string) => {
    if (store.state === "closed") throw new Error("closed")
    if (store.state === "away") return false
    const fact = JSON.parse(body) as { type: string; on?: boolean }
    said.push(fact.on ?? fact.type)
    return true
  }
  /** What the store says when somebody who has told looks once more; without one, that it is so. */
  const looks: (boolean | "away")[] = []
  const isPresent = async () => {
    const found = looks.shift() ?? said.at(-1) === true
    if (found === "away") throw new Error("away")
    return found
  }
  const engine = { log: { publish }, presence: { isPresent } } as unknown as Engine
  const news = new PresenceNews({ engine, clock })
  return { clock, news, said, store, looks }
}

describe("news of who is here", () => {
  test("[NOD2] where the store did not take it, all are told to ask, until it does, and then no more", async () => {
    const { clock, news, said, store } = scene()
    store.state = "away"
    await news.tell("c", phone, true)
    await clock.advance(5_000)
    expect(said).toEqual([])
    store.state = "up"
    await clock.advance(1_000)
    await clock.advance(10_000)
    expect(said).toEqual(["unheard"])
    expect(clock.timers).toBe(0)
  })

  test("[NOD2] a device that went, and is back on another node by then, is not said to be gone", async () => {
    const { clock, news, said, store } = scene()
    store.state = "away"
    await news.tell("c", phone, false)
    store.state = "up"
    said.push(true) // By the other node.
    await clock.advance(10_000)
    expect(said).not.toContain(false)
    expect(said.at(-1)).toBe("unheard")
  })

  test("[NOD2] a device that was said to have gone by a node that stalled, and had come elsewhere, is said to be here", async () => {
    const { news, said, looks } = scene()
    said.push(true) // By the other node, while this one stalled.
    looks.push(true)
    await news.tell("c", phone, false)
    expect(said).toEqual([true, false, true])
  })

  test("[NOD2] a device that was said to have come by a node that had stalled, and is given up, is said to have gone", async () => {
    const { news, said, looks } = scene()
    looks.push(false)
    await news.tell("c", phone, true)
    expect(said).toEqual([true, false])
  })

  test("[NOD2] where nobody can look whether it is still so, all are told to ask", async () => {
    const { clock, news, said, looks } = scene()
    looks.push("away")
    await news.tell("c", phone, false)
    await clock.advance(1_000)
    expect(said).toEqual([false, "unheard"])
    expect(clock.timers).toBe(0)
  })

  test("[CON6] whatever comes and goes while the store takes nothing, a conversation's devices are told to ask once", async () => {
    const { clock, news, said, store } = scene()
    store.state = "away"
    for (let device = 0; device < 100; device++) await news.tell("c", { user: "eve", device: `${device}` }, true)
    await news.tell("d", phone, false)
    store.state = "up"
    await clock.advance(10_000)
    expect(said).toEqual(["unheard", "unheard"])
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
