/** A stock device that asks and does not read: what waits for it is bounded, and the others notice nothing. */
import { connect } from "node:net"
import { scrape } from "../support/scrape.ts"
import { nodeForTests } from "../support/start-node.ts"
import { claimNext, fresh, stage } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe"], metrics: {}, websocket: { outboxBytesMax: 65_536 } })
const { device } = stage(() => node().port)

/** Asks for a stream of everything, and never reads an answer. */
function deafDevice(thread: string) {
  const body = JSON.stringify({ channels: ["messages", "values", "lifecycle"] })
  const socket = connect(node().port, "127.0.0.1")
  socket.pause()
  socket.on("error", () => undefined)
  socket.write(
    `POST /threads/${thread}/stream/events?user=bob HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  return socket
}

test("[DLV3] it is let go, and the others are told everything", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada", transport: "sse" })
  const id = await ada.say("Much", "m-1")
  await ada.watch()
  const socket = deafDevice(thread)
  const bob = await node().connect({ user: "ada", device: "tablet" })
  const log = await bob.follow(thread)
  await bob.until("it is a member", () => "bob" in log.state.members)
  const run = await claimNext(node(), thread)
  const slow = async () => (await scrape(node().port)).value("everthread_slow_consumers_total") ?? 0
  let messages = 0
  let said = ""
  // The kernel holds some megabytes for it; then the node does, up to its bound.
  while ((await slow()) === 0) {
    const text = "x".repeat(500_000)
    await run.answer(`${id}.${messages++}`, text)
    said += text
    await ada.until("all of it", () => ada.words().length === said.length)
  }
  await run.end()
  await ada.ended()
  expect(ada.words()).toBe(said)
  socket.destroy()
})
