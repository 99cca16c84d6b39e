/** Each status that docs/client.md names comes about, for the reason that it names. */
import { settled } from "../../../test/support/manual-clock.ts"
import { liveScene } from "./support/scene.ts"
import { newWorld, openWorld } from "./support/world.ts"

describe("the status of a conversation is", () => {
  test("connecting, on the way to a server", async () => {
    const { client, sockets } = await newWorld()
    const c = client.conversation("c")
    expect(c.snapshot().status).toBe("connecting")
    sockets.newest.open()
    expect(c.snapshot().status).toBe("connecting")
  })

  test("catching-up, until everything is here, and live from then on", async () => {
    const { client } = await openWorld()
    expect(client.conversation("c").snapshot().status).toBe("catching-up")
    const { c } = await liveScene()
    expect(c.snapshot().status).toBe("live")
  })

  test("offline, before the next try", async () => {
    const { c, sockets } = await liveScene()
    sockets.newest.end(1006)
    expect(c.snapshot().status).toBe("offline")
  })

  test("[CON9] offline, while the connection is doubted, and what is written then is shown as waiting", async () => {
    const { c, client, sockets } = await liveScene()
    client.doubt()
    void c.send("three")
    await settled()
    expect(c.snapshot()).toMatchObject({ status: "offline", pending: [{ text: "three", status: "queued" }] })
    sockets.newest.answer("ping", {})
    expect(c.snapshot()).toMatchObject({ status: "live", pending: [{ text: "three", status: "sent" }] })
  })

  test("[AUT2] unauthorized, when no token helps, until somebody wakes it with another one", async () => {
    let token = "old"
    const { client, clock, sockets } = await openWorld({ token: async () => token })
    const c = client.conversation("c")
    sockets.newest.end(4401)
    await clock.advance(10_000)
    sockets.newest.open()
    sockets.newest.end(4401)
    expect(c.snapshot().status).toBe("unauthorized")
    token = "new"
    client.wake()
    await settled()
    sockets.newest.open()
    expect(sockets.newest.last("hello")["token"]).toBe("new")
  })

  test("unauthorized at once where there is no way to get another token", async () => {
    const { client, sockets } = await openWorld({ token: "fixed" })
    const c = client.conversation("c")
    sockets.newest.end(4401)
    expect(c.snapshot().status).toBe("unauthorized")
  })

  test("closed, by us, by the server for good, or because it does not let us follow", async () => {
    const ours = await liveScene()
    ours.client.close()
    expect(ours.c.snapshot().status).toBe("closed")
    const theirs = await liveScene()
    theirs.sockets.newest.end(4403)
    expect(theirs.c.snapshot().status).toBe("closed")
    const refused = await liveScene()
    const error = { code: "not_member", message: "no member", retryable: false }
    refused.sockets.newest.receive({ type: "unsubscribed", conversation: "c", error })
    expect(refused.c.snapshot()).toMatchObject({ status: "closed", error })
  })
})
