/** The guide's snippets are the compiled ones, and do what the guide says. */
import { readFileSync } from "node:fs"
import type { LogEvent } from "@everthread/protocol"
import { settled } from "../../../test/support/manual-clock.ts"
import type { WebSocketLike } from "../src/index.ts"
import { busy, connect, create, follow, fork, inNode, refused, show, withToken, write } from "./guide.ts"
import { inBrowser, room } from "./guide-pages.tsx"
import { Page } from "./react/page.ts"
import { events, message, snapshot, stored } from "./support/frames.ts"
import { openWorld } from "./support/world.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

function snippetsOfGuide(): Map<string, string> {
  const blocks = read("../../../docs/client.md").matchAll(/<!-- snippet: (\w+) -->\n```tsx?\n(.*?)\n```/gs)
  return new Map([...blocks].map(([, name = "", code = ""]) => [name, code]))
}

function regions(): Map<string, string> {
  const code = read("guide.ts") + read("guide-pages.tsx")
  const found = code.matchAll(/ *\/\/ #region (\w+)\n(.*?)\n *\/\/ #endregion/gs)
  return new Map([...found].map(([, name = "", code = ""]) => [name, code.replace(/^ {2}/gm, "")]))
}

/** A conversation that follows, and the socket it does it on. */
async function scene() {
  const world = await openWorld()
  const c = world.client.conversation("c")
  const socket = world.sockets.newest
  socket.answer("subscribe", { conversation: "c" })
  socket.receive(snapshot("fresh", "1-a", message(1, "one")))
  return { ...world, c, socket }
}

describe("docs/client.md", () => {
  test("shows the code that is compiled here", () => {
    expect(Object.fromEntries(snippetsOfGuide())).toEqual(Object.fromEntries(regions()))
    expect(read("../../../docs/client.md").match(/```ts/g)).toHaveLength(regions().size)
  })

  test("connects with a socket class, or says that there is none", async () => {
    const opened: string[] = []
    class Socket implements WebSocketLike {
      onopen = null
      onmessage = null
      onclose = null
      onerror = null
      send(): void {}
      close(): void {}
      constructor(url: string) {
        opened.push(url)
      }
    }
    const client = inNode("ws://here/v1", Socket)
    await settled()
    expect(opened).toEqual(["ws://here/v1"])
    client.close()
    const asked: string[] = []
    const other = withToken("ws://here/v1", async () => {
      asked.push("token")
      return "t"
    })
    await settled()
    expect(asked).toEqual(["token"])
    other.close()
  })

  test("[HIS3] forks where tools come next, and follows the fork", async () => {
    const { client, c, socket } = await scene()
    const forking = fork(client, c)
    const entry = { checkpoint: "cp1", time: 0, step: 1, next: ["tools"] }
    socket.answer("checkpoints", { conversation: "c", checkpoints: [entry], more: false })
    await settled()
    expect(socket.last("fork")).toMatchObject({ conversation: "c", checkpoint: "cp1" })
    socket.answer("fork", { ...stored(3), conversation: "made" })
    expect((await forking)?.id).toBe("made")
  })

  test("creates, and adds a member", async () => {
    const { client, sockets } = await openWorld()
    const creating = create(client)
    sockets.newest.answer("create", stored(3))
    await settled()
    expect(sockets.newest.last("create")).toMatchObject({ title: "Plans", members: ["bob"], agent: "demo" })
    sockets.newest.answer("member.add", stored(4))
    expect((await creating).id).toBe("c")
  })

  test("draws what is there and what is on its way", async () => {
    const { c, socket } = await scene()
    const drawn: unknown[] = []
    show(c, (...args) => drawn.push(args))
    void c.send("two").catch(() => {})
    expect(drawn.at(-1)).toEqual(["catching-up", ["ada: one", "two (sent)"], []])
    const { key = "" } = socket.last("send")
    socket.receive(events("1-a", "2-b", message(2, "two", { key, device: "laptop" })))
    expect(drawn.at(-1)).toEqual(["catching-up", ["ada: one", "ada: two"], []])
  })

  test("sends, reacts, and marks as read", async () => {
    const { c, socket } = await scene()
    const writing = write(c)
    const { key = "" } = socket.last("send")
    socket.receive(events("1-a", "2-b", message(2, "Shall we?", { key, device: "laptop" })))
    socket.answer("send", { ...stored(2), ref: "m2" })
    await settled()
    expect(socket.last("react")).toMatchObject({ message: "m2", reaction: "👍", on: true })
    socket.answer("react", stored(3))
    await settled()
    expect(socket.last("read")).toMatchObject({ upTo: 2 })
    socket.answer("read", stored(4))
    await writing
  })

  test("[RUN5] tells who was too late", async () => {
    const { c, socket } = await scene()
    const told: string[] = []
    const answering = refused(c, "i1", (text) => told.push(text))
    socket.refuse("respond", { code: "already_answered", message: "bob was first", retryable: false })
    await answering
    expect(told).toEqual(["bob was first"])
  })

  test("[QUE6] says what becomes of a message, and takes a run out of the queue", async () => {
    const { c, socket } = await scene()
    const queued = (seq: number, run: string) =>
      ({ seq, type: "run.queued", time: 0, run, agent: "demo", message: "m1", user: "ada" }) as unknown as LogEvent
    const writing = busy(c)
    expect(socket.last("send")).toMatchObject({ text: "And in Lisbon", whenBusy: "steer" })
    socket.receive(events("1-a", "3-c", queued(2, "r1"), queued(3, "r2")))
    for (const type of ["send", "stop", "promote", "conversation.update"]) {
      socket.answer(type, stored(4))
      await settled()
    }
    await writing
    expect(socket.last("stop")["run"]).toBe("r1")
    expect(socket.last("promote")["run"]).toBe("r2")
    expect(socket.last("conversation.update")["whenBusy"]).toBe("reject")
  })

  test("connects to where the guide says", () => {
    const client = connect()
    expect(client.followed("lobby")).toBeDefined()
    client.close()
  })

  test("draws a room with React, and sends from it", async () => {
    const world = await openWorld()
    const told: unknown[] = []
    const page = await Page.open(room(world.client, (error) => told.push(error)))
    const socket = world.sockets.newest
    await page.after(() => {
      socket.answer("subscribe", { conversation: "lobby" })
      socket.receive({ ...snapshot("fresh", "1-a", message(1, "one")), conversation: "lobby" })
    })
    expect(page.text).toBe("catching-uponeHello")
    await page.after(() => page.find("button").click())
    expect(socket.last("send")).toMatchObject({ conversation: "lobby", text: "Hello" })
    await page.after(() => socket.refuse("send", { code: "not_member", message: "no", retryable: false }))
    expect(told).toMatchObject([{ message: "no" }])
    await page.leave()
  })

  test("works in a page that has none of what it could use, and says so", async () => {
    const told: unknown[] = []
    await Page.open(null)
    const { client, stopWaking } = inBrowser(
      "ada",
      "laptop",
      async () => "t",
      (error) => told.push(error),
    )
    await client.conversation("c").snapshot()
    while (told.length === 0) await settled()
    expect(told).toMatchObject([{ message: "There is no IndexedDB here" }])
    stopWaking()
    client.close()
  })

  test("follows every change", async () => {
    const { c, socket } = await scene()
    const seen: string[] = []
    const following = follow(
      c,
      (list) => seen.push(`events to ${list.at(-1)?.seq}`),
      ({ seq }) => seen.push(`snapshot at ${seq}`),
    )
    socket.receive(events("1-a", "2-b", message(2, "two")))
    socket.receive(snapshot("trimmed", "9-k", message(9, "nine")))
    await settled()
    c.close()
    await following
    expect(seen).toEqual(["events to 2", "snapshot at 9"])
  })
})
