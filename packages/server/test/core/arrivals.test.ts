/** Who comes is shown together with all who came in that moment, and never later than whoever asks or goes. */
import type { Engine, PresentDevice } from "@everthread/engine"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { Arrivals } from "../../src/core/arrivals.ts"
import { PresenceNews } from "../../src/core/presence-facts.ts"
import { recordingLog } from "../support/quiet-log.ts"

function scene() {
  const clock = new ManualClock()
  /** What the store was asked, in order, and what was told. */
  const store: string[] = []
  const told: string[] = []
  const connections = new Map<string, number>()
  const count = (conversation: string, { device }: PresentDevice, by: number) => {
    const seat = `${conversation} ${device}`
    connections.set(seat, (connections.get(seat) ?? 0) + by)
    store.push(`${by > 0 ? "enter" : "leave"} ${seat}`)
    return connections.get(seat)
  }
  /** A conversation whose part of the store is away. */
  const away = new Set<string>()
  const presence = {
    enter: async (conversation: string, device: PresentDevice) => {
      const isNew = count(conversation, device, 1) === 1
      return away.has(conversation) ? new Promise<boolean>(() => undefined) : isNew
    },
    leave: async (conversation: string, device: PresentDevice) => count(conversation, device, -1) === 0,
    isPresent: async (conversation: string, { device }: PresentDevice) =>
      connections.get(`${conversation} ${device}`) !== 0,
  }
  const publish = async (conversation: string, body: string) => {
    const { by, on } = JSON.parse(body) as { by: PresentDevice; on: boolean }
    told.push(`${on ? "+" : "-"} ${conversation} ${by.device}`)
    return true
  }
  const engine = { presence, log: { publish } } as unknown as Engine
  const news = new PresenceNews({ engine, clock })
  const arrivals = new Arrivals({ node: "n", engine, clock, logger: recordingLog(), news })
  return { clock, arrivals, store, told, away }
}

const connection = (device: string) => ({ actor: { user: "ada", device } })

describe("who comes", () => {
  test("[NOD2] is shown a moment later, with all who came meanwhile", async () => {
    const { clock, arrivals, store, told } = scene()
    for (const device of ["a", "b", "c"]) arrivals.came(connection(device), "one")
    await settled()
    expect(store).toEqual([])
    await clock.advance(1_000)
    expect(told).toEqual(["+ one a", "+ one b", "+ one c"])
    expect(clock.timers).toBe(0)
  })

  test("[NOD2] and goes within the moment was not here, and nothing is left of it", async () => {
    const { clock, arrivals, store } = scene()
    const ada = connection("a")
    arrivals.came(ada, "one")
    arrivals.went(ada, "one")
    expect(clock.timers).toBe(0)
    await clock.advance(1_000)
    expect(store).toEqual([])
  })

  test("[NOD2] is known to whoever asks who is here right behind it", async () => {
    const { clock, arrivals, store } = scene()
    arrivals.came(connection("a"), "one")
    await arrivals.show("one")
    expect(store).toEqual(["enter one a"])
    expect(clock.timers).toBe(0)
  })

  test("[NOD2] over another connection before the first one goes is not said to have gone", async () => {
    const { clock, arrivals, told } = scene()
    const [first, second] = [connection("a"), connection("a")]
    arrivals.came(first, "one")
    await clock.advance(1_000)
    arrivals.came(second, "one")
    arrivals.went(first, "one")
    await clock.advance(1_000)
    expect(told).toEqual(["+ one a"])
    arrivals.went(second, "one")
    await settled()
    expect(told).toEqual(["+ one a", "- one a"])
  })

  test("[NOD2] to one conversation and leaves another one is in the first", async () => {
    const { clock, arrivals, told } = scene()
    const ada = connection("a")
    arrivals.came(ada, "one")
    arrivals.came(ada, "two")
    arrivals.went(ada, "two")
    await clock.advance(1_000)
    expect(told).toEqual(["+ one a"])
  })

  test("[NOD2] to a conversation whose part of the store is away keeps nobody from asking about another one", async () => {
    const { clock, arrivals, told, away } = scene()
    away.add("one")
    arrivals.came(connection("a"), "one")
    await clock.advance(1_000)
    arrivals.came(connection("b"), "two")
    await arrivals.show("two")
    await settled()
    expect(told).toEqual(["+ two b"])
  })
})
