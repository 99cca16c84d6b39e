/** What is heard on a device's sockets belongs to the subscription of the socket on which it came. */
import type { SocketHandlers } from "@everthread/client"
import { WireTap } from "../src/index.ts"

const frame = (prev: string, cursor: string) =>
  JSON.stringify({ type: "events", conversation: "talk", prev, cursor, events: [] })

test("[FRM2] a socket that was given up and still says something does not disturb the one that took its place", () => {
  const tap = new WireTap()
  const lines: SocketHandlers[] = []
  const open = tap.on((_url, handlers) => {
    lines.push(handlers)
    return { send: () => undefined, close: () => undefined }
  })
  const handlers: SocketHandlers = { opened() {}, received() {}, closed() {} }
  const subscribe = (id: number, cursor: string | undefined) =>
    JSON.stringify({ type: "subscribe", id, conversation: "talk", ...(cursor === undefined ? {} : { cursor }) })
  const ok = (id: number) => JSON.stringify({ type: "ok", id, result: {} })

  open("ws://one", handlers).send(subscribe(1, undefined))
  lines[0]?.received(ok(1))
  lines[0]?.received(frame("0-0", "1-a"))
  open("ws://two", handlers).send(subscribe(1, "1-a"))
  // The first one's node was stopped, and goes on.
  lines[0]?.received(frame("1-a", "2-b"))
  lines[1]?.received(ok(1))
  lines[1]?.received(frame("1-a", "3-c"))

  const chains = tap.chains("talk").map(({ asked, steps }) => ({ asked, cursors: steps.map(({ cursor }) => cursor) }))
  expect(chains).toEqual([
    { asked: undefined, cursors: ["1-a", "2-b"] },
    { asked: "1-a", cursors: ["3-c"] },
  ])
})
