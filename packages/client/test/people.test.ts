/** Who else is here and who is typing, as one device shows it. */
import { settled } from "../../../test/support/manual-clock.ts"
import { clientLimits } from "../src/index.ts"
import { events, message } from "./support/frames.ts"
import { liveScene } from "./support/scene.ts"

describe("other people", () => {
  test("shows who is here, and forgets it with the connection", async () => {
    const { c, sockets } = await liveScene()
    sockets.newest.answer("members", {
      conversation: "c",
      members: [{ user: "bob", role: "member", devices: ["phone"] }],
    })
    await settled()
    sockets.newest.receive({ type: "presence", conversation: "c", by: { user: "eve", device: "pad" }, on: true })
    expect(c.snapshot().present.map(({ user }) => user)).toEqual(["bob", "eve"])
    sockets.newest.end(1006)
    expect(c.snapshot().present).toEqual([])
  })

  test("whoever comes while it is asked who is here is not lost with the answer", async () => {
    const { c, sockets } = await liveScene()
    const tell = (user: string, on: boolean) =>
      sockets.newest.receive({ type: "presence", conversation: "c", by: { user, device: "pad" }, on })
    tell("eve", true)
    tell("fay", false)
    const members = ["bob", "fay"].map((user) => ({ user, role: "member", devices: ["pad"] }) as const)
    sockets.newest.answer("members", { conversation: "c", members })
    await settled()
    expect(c.snapshot().present.map(({ user }) => user)).toEqual(["bob", "eve"])
  })

  test("[NOD2] it is asked again who is here where the store could not say", async () => {
    const { c, clock, sockets } = await liveScene()
    sockets.newest.refuse("members", { code: "unavailable", message: "away", retryable: true })
    await settled()
    await clock.advance(clientLimits.backoffMaxMs)
    const members = [{ user: "bob", role: "member", devices: ["phone"] }] as const
    sockets.newest.answer("members", { conversation: "c", members: [...members] })
    await settled()
    expect(c.snapshot().present.map(({ user }) => user)).toEqual(["bob"])
  })

  test("[NOD2] it is asked again who is here where the node may not have heard, once for many words of it", async () => {
    const { c, clock, sockets } = await liveScene()
    sockets.newest.answer("members", { conversation: "c", members: [] })
    await settled()
    const asked = () => sockets.newest.sent.filter(({ type }) => type === "members").length
    const before = asked()
    for (let times = 0; times < 3; times++) sockets.newest.receive({ type: "unheard", conversation: "c" })
    await clock.advance(clientLimits.presenceJitterMs)
    expect(asked() - before).toBe(1)
    const members = [{ user: "bob", role: "member", devices: ["phone"] }] as const
    sockets.newest.answer("members", { conversation: "c", members: [...members] })
    await settled()
    expect(c.snapshot().present.map(({ user }) => user)).toEqual(["bob"])
  })

  test("[CON6] a node that hears nothing again and again is asked less and less who is here, and soon once it is over", async () => {
    const { c, clock, sockets } = await liveScene()
    const answered = async () => {
      sockets.newest.answer("members", { conversation: "c", members: [] })
      await settled()
    }
    await answered()
    const asked = () => sockets.newest.sent.filter(({ type }) => type === "members").length
    const before = asked()
    const minuteMs = 60_000
    for (let ms = 0; ms < 10 * minuteMs; ms += 500) {
      sockets.newest.receive({ type: "unheard", conversation: "c" })
      const asking = asked()
      await clock.advance(500)
      if (asked() > asking) await answered()
    }
    // In the middle every half of the longest spread, where each time within the shortest would be 400.
    expect(asked() - before).toBeLessThan((1.5 * 10 * minuteMs) / (clientLimits.presenceJitterMaxMs / 2))
    for (let ms = 0; ms < 2 * clientLimits.presenceJitterMaxMs; ms += 1_000) {
      sockets.newest.receive({ type: "presence", conversation: "c", by: { user: "eve", device: "pad" }, on: true })
      const asking = asked()
      await clock.advance(1_000)
      if (asked() > asking) await answered()
    }
    const quiet = asked()
    sockets.newest.receive({ type: "unheard", conversation: "c" })
    await clock.advance(clientLimits.presenceJitterMs)
    expect(asked() - quiet).toBe(1)
    expect(c.snapshot().status).toBe("live")
  })

  test("typing of others ends with their message, with time, and is not our own", async () => {
    const { c, clock, sockets } = await liveScene()
    const typing = (user: string, device: string) =>
      sockets.newest.receive({ type: "typing", conversation: "c", by: { user, device }, on: true })
    typing("ada", "laptop")
    expect(c.snapshot().typing).toEqual([])
    typing("ada", "phone")
    typing("bob", "phone")
    expect(c.snapshot().typing).toHaveLength(2)
    sockets.newest.receive(events("2-b", "3-c", message(3, "three")))
    expect(c.snapshot().typing.map(({ user }) => user)).toEqual(["bob"])
    await clock.advance(clientLimits.typingShownMs)
    expect(c.snapshot().typing).toEqual([])
  })

  test("own typing is said rarely, and ends by itself and with the message", async () => {
    const { c, clock, sockets } = await liveScene()
    const said = () => sockets.newest.ofType("typing").map(({ on }) => on)
    for (let i = 0; i < 10; i++) c.typing(true)
    expect(said()).toEqual([true])
    await clock.advance(clientLimits.typingOffAfterMs)
    expect(said()).toEqual([true, false])
    c.typing(true)
    void c.send("done").catch(() => {})
    expect(said()).toEqual([true, false, true, false])
  })
})
