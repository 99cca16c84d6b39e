/** What somebody writes on one device: shown at once, in the log once, and sent again where the store has lost it. */

import { settled } from "../../../test/support/manual-clock.ts"
import { type Conversation, clientLimits } from "../src/index.ts"
import { events, message, snapshot, stored, upToDate } from "./support/frames.ts"
import { liveScene, reconnect, type Scene } from "./support/scene.ts"
import { openWorld } from "./support/world.ts"

const texts = (c: Conversation) => c.snapshot().messages.map(({ text }) => text)
const pending = (c: Conversation) => c.snapshot().pending.map(({ text, status }) => `${text} ${status}`)

describe("own messages", () => {
  test("are shown at once, and once, whichever comes first: ack or event", async () => {
    const { c, sockets } = await liveScene()
    void c.send("mine")
    const { key = "" } = sockets.newest.last("send")
    expect(pending(c)).toEqual(["mine sent"])
    sockets.newest.answer("send", stored(3))
    await settled()
    expect(pending(c)).toEqual(["mine sent"])
    sockets.newest.receive(events("2-b", "3-x", message(3, "mine", { key, device: "laptop" })))
    expect(pending(c)).toEqual([])
    expect(texts(c)).toEqual(["one", "two", "mine"])
  })

  test("[LIN2] come back after the store has lost them, in order, with their keys, and never vanish in between", async () => {
    const scene = await liveScene()
    const { c, sockets } = scene
    const keys: string[] = []
    for (const seq of [3, 4]) {
      void c.send(`mine ${seq}`)
      const { key = "" } = sockets.newest.last("send")
      keys.push(key)
      sockets.newest.receive(
        events(seq === 3 ? "2-b" : "3-x", `${seq}-x`, message(seq, `mine ${seq}`, { key, device: "laptop" })),
      )
      sockets.newest.answer("send", stored(seq))
      await settled()
    }
    await reconnect(scene)
    const shown: string[][] = []
    c.subscribe(() => shown.push([...texts(c), ...c.snapshot().pending.map(({ text }) => text)]))
    const others = [3, 4, 5, 6].map((seq) => message(seq, `theirs ${seq}`))
    sockets.newest.answer("subscribe", { conversation: "c" })
    sockets.newest.receive(snapshot("diverged", "6-q", message(1, "one"), ...others))
    expect(pending(c)).toEqual(["mine 3 sent", "mine 4 queued"])
    for (const view of shown) expect(view).toEqual(expect.arrayContaining(["mine 3", "mine 4"]))
    sockets.newest.answer("send", stored(7))
    await settled()
    expect(sockets.newest.ofType("send").map(({ key }) => key)).toEqual(keys)
  })

  test("[LIN2] [RET2] stay away when the store lost them and they were taken back, or are about to be", async () => {
    const scene = await liveScene()
    const { c, sockets } = scene
    const text = ["taken back", "about to be", "kept"]
    for (const [index, one] of text.entries()) {
      void c.send(one)
      sockets.newest.answer("send", { ...stored(3 + index), ref: `id-${index}` })
      await settled()
    }
    void c.redact("id-0")
    sockets.newest.answer("redact", stored(6))
    await settled()
    void c.redact("id-1").catch(() => {})
    await reconnect(scene)
    sockets.newest.answer("subscribe", { conversation: "c" })
    sockets.newest.receive(snapshot("diverged", "1-q", message(1, "one")))
    expect(pending(c)).toEqual(["kept sent"])
    sockets.newest.answer("send", stored(2))
    await settled()
    expect(sockets.newest.ofType("send").map((frame) => frame.text)).toEqual(["kept"])
  })

  test("[LIN2] come back when the store lost them and this device had not seen them yet", async () => {
    const scene = await liveScene()
    const { c, sockets } = scene
    void c.send("mine")
    const { key } = sockets.newest.last("send")
    sockets.newest.answer("send", stored(9))
    await settled()
    await reconnect(scene)
    sockets.newest.answer("subscribe", { conversation: "c" })
    sockets.newest.receive(upToDate("2-b"))
    expect(sockets.newest.last("send").key).toBe(key)
  })

  test("[LIN2] [ACK3] another user's message under the same key, from a device of the same name, is none of ours", async () => {
    const { c, sockets } = await liveScene()
    void c.send("mine", { key: "1" })
    sockets.newest.answer("send", stored(3))
    await settled()
    const bobs = { ...message(3, "bob's", { key: "1" }), by: { user: "bob", device: "laptop" } } as const
    sockets.newest.receive(events("2-b", "3-x", bobs))
    expect(sockets.newest.ofType("send")).toHaveLength(2)
    expect(c.snapshot().pending).toMatchObject([{ key: "1", text: "mine" }])
  })

  /** A message that is stored at seq 3 and in the log as this device has seen it; then the connection is new. */
  async function sentAndSeen(scene: Scene): Promise<string> {
    const { c, sockets } = scene
    void c.send("mine")
    const { key = "" } = sockets.newest.last("send")
    sockets.newest.answer("send", stored(3))
    sockets.newest.receive(events("2-b", "3-x", message(3, "mine", { key, device: "laptop" })))
    await settled()
    return key
  }

  test("[LIN2] come back after a snapshot of what is kept no more, which cannot say whether the store has them", async () => {
    const scene = await liveScene()
    const key = await sentAndSeen(scene)
    await reconnect(scene)
    scene.sockets.newest.answer("subscribe", { conversation: "c" })
    scene.sockets.newest.receive(snapshot("trimmed", "900-q", message(1, "one"), message(900, "theirs")))
    expect(scene.sockets.newest.ofType("send").map((frame) => frame.key)).toEqual([key])
    scene.sockets.newest.answer("send", { ...stored(3), duplicate: true })
    await settled()
    expect(pending(scene.c)).toEqual([])
  })

  test("[LIN2] are not sent again where such a snapshot has them", async () => {
    const scene = await liveScene()
    const key = await sentAndSeen(scene)
    await reconnect(scene)
    scene.sockets.newest.answer("subscribe", { conversation: "c" })
    const mine = message(3, "mine", { key, device: "laptop" })
    scene.sockets.newest.receive(snapshot("trimmed", "900-q", mine, message(900, "theirs")))
    expect(scene.sockets.newest.ofType("send")).toEqual([])
  })

  test("[LIN2] that nobody was shown are sent again where the node was out of touch: its store may have lost them since", async () => {
    const { c, sockets } = await liveScene()
    void c.send("mine")
    const { key = "" } = sockets.newest.last("send")
    sockets.newest.answer("send", stored(3))
    await settled()
    sockets.newest.receive({ type: "unheard", conversation: "c" })
    expect(sockets.newest.ofType("send").map((frame) => frame.key)).toEqual([key, key])
    sockets.newest.answer("send", stored(3))
    sockets.newest.receive(events("2-b", "3-x", message(3, "mine", { key, device: "laptop" })))
    sockets.newest.receive({ type: "unheard", conversation: "c" })
    expect(sockets.newest.ofType("send")).toHaveLength(2)
    expect(pending(c)).toEqual([])
  })

  test("[LIN2] are judged by what follows such a snapshot where their place lies behind it", async () => {
    const scene = await liveScene()
    const { c, sockets } = scene
    void c.send("mine")
    const { key } = sockets.newest.last("send")
    sockets.newest.answer("send", stored(902))
    await settled()
    await reconnect(scene)
    sockets.newest.answer("subscribe", { conversation: "c" })
    sockets.newest.receive(snapshot("trimmed", "900-q", message(900, "theirs")))
    expect(sockets.newest.ofType("send")).toEqual([])
    expect(pending(c)).toEqual(["mine sent"])
    sockets.newest.receive(events("900-q", "902-s", message(901, "theirs"), message(902, "theirs too")))
    expect(sockets.newest.ofType("send").map((frame) => frame.key)).toEqual([key])
  })

  test.each([
    ["trimmed", 0],
    ["diverged", 1],
  ] as const)(
    "[LIN2] [ACK3] so late that the store may have forgotten the key: after %s, sent again %i times",
    async (reason, times) => {
      const scene = await liveScene()
      await sentAndSeen(scene)
      scene.sockets.newest.end(1006)
      await scene.clock.advance(clientLimits.doubtfulResendMs + 1)
      await reconnect(scene)
      scene.sockets.newest.answer("subscribe", { conversation: "c" })
      scene.sockets.newest.receive(snapshot(reason, "900-q", message(900, "theirs")))
      expect(scene.sockets.newest.ofType("send")).toHaveLength(times)
    },
  )

  test("[LIN2] a first snapshot replaces nothing, so nothing is sent again for it", async () => {
    const world = await openWorld()
    const c = world.client.conversation("c")
    const socket = world.sockets.newest
    socket.answer("subscribe", { conversation: "c" })
    void c.send("mine")
    socket.answer("send", stored(3))
    await settled()
    socket.receive(snapshot("fresh", "900-q", message(900, "theirs")))
    expect(socket.ofType("send")).toHaveLength(1)
  })

  test("[LIN2] a stop of whatever ran then is not said again about what runs now", async () => {
    const scene = await liveScene()
    const { c, sockets } = scene
    void c.stop()
    sockets.newest.answer("stop", stored(3))
    void c.stop("r1")
    await settled()
    sockets.newest.answer("stop", stored(4))
    await settled()
    await reconnect(scene)
    sockets.newest.answer("subscribe", { conversation: "c" })
    sockets.newest.receive(snapshot("diverged", "2-z", message(1, "one")))
    expect(sockets.newest.ofType("stop").map(({ run }) => run)).toEqual(["r1"])
  })
})
