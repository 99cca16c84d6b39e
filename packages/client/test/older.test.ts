/** Older messages, page by page: no hole and no repeat, whatever comes while a page is on its way. */
import type { Conversation } from "../src/index.ts"
import { events, message, snapshot } from "./support/frames.ts"
import { liveScene } from "./support/scene.ts"

const texts = (c: Conversation) => c.snapshot().messages.map(({ text }) => text)

describe("older messages", () => {
  test("[LOG8] pages back to the first, without a hole or a repeat, while new ones push the oldest out", async () => {
    const { c, sockets } = await liveScene()
    const socket = sockets.newest
    const many = Array.from({ length: 200 }, (_, i) => message(i + 101, `t${i + 101}`))
    socket.receive({ ...snapshot("trimmed", "300-k", ...many) })
    const older = c.loadOlder(100)
    expect(socket.last("history")).toMatchObject({ before: 101, limit: 100 })
    const page = snapshot("fresh", "0-0", ...Array.from({ length: 100 }, (_, i) => message(i + 1, `t${i + 1}`)))
    socket.answer("history", { conversation: "c", messages: page.state.messages, more: false })
    expect(await older).toBe(false)
    const newest = Array.from({ length: 250 }, (_, i) => message(i + 301, `t${i + 301}`))
    socket.receive(events("300-k", "550-m", ...newest))
    expect(texts(c)).toEqual(Array.from({ length: 550 }, (_, i) => `t${i + 1}`))
    socket.receive(
      events("550-m", "551-n", {
        type: "redaction",
        time: 0,
        by: { user: "ada", device: "phone" },
        message: "m1",
        seq: 551,
      }),
    )
    expect(c.snapshot().messages[0]).toMatchObject({ text: "", redacted: true })
    expect(c.snapshot().older).toBe(false)
  })
})

describe("the first page of older messages", () => {
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => message(from + index, `t${from + index}`))
  const pageTo100 = snapshot("fresh", "0-0", ...numbered(1, 100)).state.messages

  test("[LOG8] has no hole behind it where messages have left the state while it was on its way", async () => {
    const { c, sockets } = await liveScene()
    const socket = sockets.newest
    socket.receive(snapshot("trimmed", "300-k", ...numbered(101, 300)))
    const older = c.loadOlder(100)
    socket.receive(events("300-k", "315-m", ...numbered(301, 315)))
    socket.answer("history", { conversation: "c", messages: pageTo100, more: false })
    expect(await older).toBe(false)
    expect(texts(c)).toEqual(Array.from({ length: 315 }, (_, index) => `t${index + 1}`))
  })

  test("[LOG8] is dropped where a snapshot came meanwhile, and asked for again before that", async () => {
    const { c, sockets } = await liveScene()
    const socket = sockets.newest
    socket.receive(snapshot("trimmed", "300-k", ...numbered(101, 300)))
    const older = c.loadOlder(100)
    socket.receive(snapshot("trimmed", "500-m", ...numbered(301, 500)))
    socket.answer("history", { conversation: "c", messages: pageTo100, more: false })
    expect(await older).toBe(true)
    expect(texts(c)[0]).toBe("t301")
    void c.loadOlder(100)
    expect(socket.last("history")).toMatchObject({ before: 301 })
  })
})
