/** How the connection comes about, ends, and comes back. */
import { closeRules } from "@everthread/protocol"
import { settled } from "../../../test/support/manual-clock.ts"
import { clientLimits } from "../src/index.ts"
import { newWorld, openWorld } from "./support/world.ts"

/** With every fraction 0.5, the n-th wait is half of its upper end. */
const firstWaitMs = clientLimits.backoffBaseMs / 2

describe("greeting", () => {
  test("says hello first, with who is speaking, and is open after the welcome", async () => {
    const { client, sockets } = await newWorld()
    expect(client.state.name).toBe("connecting")
    sockets.newest.open()
    expect(sockets.newest.sent).toEqual([{ type: "hello", protocol: 1, lean: true, device: "laptop", user: "ada" }])
    expect(client.state.name).toBe("greeting")
    sockets.newest.welcome()
    expect(client.state.name).toBe("open")
  })

  test("takes an error of another protocol for none, as one gets it at another address of the same server", async () => {
    const { client, sockets } = await newWorld()
    sockets.newest.open()
    sockets.newest.receive({ type: "error", code: "bad_frame", message: "an error without an error" })
    expect(client.state.name).toBe("greeting")
    sockets.newest.welcome()
    expect(client.state.name).toBe("open")
  })

  test("asks for a token each time one is needed", async () => {
    let asked = 0
    const { clock, sockets } = await newWorld({ token: async () => `t${++asked}` })
    sockets.newest.open()
    expect(sockets.newest.last("hello")["token"]).toBe("t1")
    sockets.newest.end(1006)
    await clock.advance(firstWaitMs)
    sockets.newest.open()
    expect(sockets.newest.last("hello")["token"]).toBe("t2")
  })

  test("gives a server that never answers up, and tries again", async () => {
    const { client, clock, sockets } = await newWorld()
    sockets.newest.open()
    await clock.advance(clientLimits.connectDeadlineMs)
    expect(client.state.name).toBe("waiting")
    expect(sockets.newest.closed).toBe(true)
    await clock.advance(firstWaitMs)
    expect(sockets.all).toHaveLength(2)
  })
})

describe("[ERR2] reconnecting", () => {
  const codes = Object.entries(closeRules).map(([code, { reconnect }]) => [Number(code), reconnect] as const)

  test.each([...codes, [1006, "backoff"], [1001, "backoff"], [1000, "never"]] as const)(
    "after %i it obeys the table: %s",
    async (code, reconnect) => {
      const { client, sockets } = await openWorld({ token: async () => "t" })
      sockets.newest.end(code, "because")
      expect(client.state.name).toBe(reconnect === "never" ? "closed" : "waiting")
    },
  )

  test("waits longer after each failure, up to a bound, and starts anew after a steady connection", async () => {
    const { client, clock, sockets } = await newWorld()
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      sockets.newest.end(1006)
      if (client.state.name !== "waiting") throw new Error(client.state.name)
      waits.push(client.state.delayMs)
      await clock.advance(client.state.delayMs)
    }
    expect(waits.slice(0, 4)).toEqual([firstWaitMs, firstWaitMs * 2, firstWaitMs * 4, firstWaitMs * 8])
    expect(waits.at(-1)).toBe(clientLimits.backoffMaxMs / 2)
    sockets.newest.welcome()
    await clock.advance(clientLimits.steadyAfterMs)
    sockets.newest.end(1006)
    expect(client.state).toMatchObject({ name: "waiting", delayMs: firstWaitMs })
  })

  test("a connection that opens and dies at once does not start anew", async () => {
    const { client, clock, sockets } = await openWorld()
    sockets.newest.end(1006)
    await clock.advance(firstWaitMs)
    sockets.newest.welcome()
    sockets.newest.end(1006)
    expect(client.state).toMatchObject({ name: "waiting", delayMs: firstWaitMs * 2 })
  })

  test("never comes back earlier than the server asked for", async () => {
    const { client, sockets } = await openWorld()
    sockets.newest.receive({
      type: "error",
      error: { code: "rate_limited", message: "slow down", retryAfterMs: 4_000, retryable: true },
    })
    sockets.newest.end(4429)
    expect(client.state).toMatchObject({ name: "waiting", reason: "slow down" })
    expect(client.state).toHaveProperty("delayMs", 5_000)
  })

  test("a refused token that cannot be replaced needs a person; wake tries again", async () => {
    const { client, sockets } = await newWorld({ token: "old" })
    sockets.newest.open()
    sockets.newest.end(4401, "expired")
    expect(client.state).toEqual({ name: "unauthorized", reason: "expired" })
    client.wake()
    expect(client.state.name).toBe("connecting")
  })

  test("a refused token that can be replaced is replaced, but not for ever", async () => {
    const { client, clock, sockets } = await newWorld({ token: async () => "bad" })
    sockets.newest.open()
    sockets.newest.end(4401)
    expect(client.state.name).toBe("waiting")
    await clock.advance(clientLimits.backoffMaxMs)
    sockets.newest.open()
    sockets.newest.end(4401)
    expect(client.state.name).toBe("unauthorized")
  })

  test("wake does not wait for the timer", async () => {
    const { client, sockets } = await openWorld()
    sockets.newest.end(1006)
    client.wake()
    await settled()
    expect(sockets.all).toHaveLength(2)
  })

  test("what a forgotten socket says late changes nothing", async () => {
    const { client, sockets } = await openWorld()
    const old = sockets.newest
    client.drop()
    expect(old.closed).toBe(true)
    const before = client.state
    old.end(4400)
    old.welcome()
    expect(client.state).toBe(before)
  })
})

describe("[CON3] silence", () => {
  test("is broken with probes, and after three without an answer the connection counts as dead", async () => {
    const { client, clock, sockets } = await openWorld()
    await clock.advance(10_000)
    expect(sockets.newest.ofType("ping")).toHaveLength(0)
    await clock.advance(30_000)
    expect(sockets.newest.ofType("ping")).toHaveLength(3)
    expect(client.state.name).toBe("open")
    await clock.advance(10_000)
    expect(client.state).toMatchObject({ name: "waiting", reason: "the server fell silent" })
  })

  test("an answered probe keeps it alive", async () => {
    const { client, clock, sockets } = await openWorld()
    for (let i = 0; i < 20; i++) {
      await clock.advance(10_000)
      if (sockets.newest.ofType("ping").length > 0) sockets.newest.answer("ping", {})
    }
    expect(client.state.name).toBe("open")
    expect(sockets.all).toHaveLength(1)
  })
})

describe("[CON9] a connection whose network is said to be gone", () => {
  test("is asked, and trusted again when that is answered, and not by what was under way before", async () => {
    const { client, sockets } = await openWorld()
    client.wake()
    const before = sockets.newest.last("ping").id
    client.doubt()
    expect(client.state).toMatchObject({ name: "open", isDoubted: true })
    sockets.newest.receive({ type: "ok", id: before, result: {} })
    expect(client.state).toMatchObject({ isDoubted: true })
    sockets.newest.answer("ping", {})
    expect(client.state).toMatchObject({ name: "open", isDoubted: false })
    expect(sockets.all).toHaveLength(1)
  })

  test("may stay silent for as long as the network is gone, and not much longer", async () => {
    const { client, clock, sockets } = await openWorld()
    client.doubt()
    await clock.advance(clientLimits.doubtDeadlineMs)
    expect(client.state).toMatchObject({ name: "open", isDoubted: true })
    client.wake()
    await clock.advance(clientLimits.doubtDeadlineMs - 1)
    expect(sockets.newest.closed).toBe(false)
    await clock.advance(1)
    expect(client.state).toMatchObject({ name: "waiting", reason: "the network was gone" })
  })

  test("is not given up when it answers after the network is back", async () => {
    const { client, clock, sockets } = await openWorld()
    client.doubt()
    client.wake()
    sockets.newest.answer("ping", {})
    await clock.advance(clientLimits.doubtDeadlineMs)
    expect(client.state).toMatchObject({ name: "open", isDoubted: false })
  })

  test("changes nothing where there is none", async () => {
    const { client } = await newWorld()
    client.doubt()
    expect(client.state.name).toBe("connecting")
  })
})

describe("[AUT2] a token that expires", () => {
  const jwt = (expMs: number) => `h.${btoa(JSON.stringify({ sub: "ada", exp: expMs / 1000 }))}.s`
  const startMs = 1_000_000

  test("is replaced in band before it does, and so is the next", async () => {
    let made = 0
    const token = async () => jwt(startMs + 60_000 * ++made)
    const { clock, sockets } = await newWorld({ token })
    sockets.newest.welcome({ heartbeatMs: 1_000_000 })
    await clock.advance(60_000 - clientLimits.tokenRefreshAheadMs - 1)
    expect(sockets.newest.ofType("token")).toHaveLength(0)
    await clock.advance(1)
    expect(sockets.newest.ofType("token")).toHaveLength(1)
    sockets.newest.answer("token", { expiresAt: startMs + 120_000 })
    await clock.advance(60_000)
    expect(sockets.newest.ofType("token")).toHaveLength(2)
  })

  test("is asked for again when nobody could give one", async () => {
    let asked = 0
    const token = async () => {
      asked += 1
      if (asked === 2) throw new Error("the issuer is away")
      return jwt(startMs + 60_000)
    }
    const { clock, sockets } = await openWorld({ token })
    await clock.advance(30_000)
    expect(sockets.newest.ofType("token")).toHaveLength(0)
    await clock.advance(firstWaitMs)
    expect(sockets.newest.ofType("token")).toHaveLength(1)
  })
})
