/** What peers can make a node hold before it knows who they are. */
import { once } from "node:events"
import { connect } from "node:net"
import { clientFrame, opcodes, RawPeer } from "../support/raw-peer.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()

test("[CON6] a frame that is larger than any hello is refused while it comes, not when it is whole", async () => {
  const peer = await RawPeer.open(current().port)
  const frame = clientFrame(opcodes.text, Buffer.alloc(1_000_000, 0x20))
  peer.write(frame.subarray(0, 200_000))
  expect(await peer.text<{ error: object }>()).toMatchObject({ error: { code: "frame_too_large", limit: 65_536 } })
  expect(await peer.closeCode()).toBe(4413)
  peer.destroy()
})

test("[CON6] once the hello is said a frame of the full size is taken", async () => {
  const ada = await current().connect({ user: "ada" })
  const text = "x".repeat(900_000)
  const error = await ada.refusal({ type: "send", key: "k", conversation: "c", text })
  expect(error).toMatchObject({ code: "invalid_field", field: "text", limit: 10_000 })
})

test("[CON6] an upgrade that is refused holds no socket, though the peer never closes its side", async () => {
  const peer = connect({ port: current().port, host: "127.0.0.1", allowHalfOpen: true })
  peer.write("GET /nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
  peer.resume()
  await once(peer, "end")
  // Whoever writes to a socket that is closed on both sides is told so; one half open would go on taking it.
  const broken = once(peer, "error")
  const write = () => {
    if (peer.destroyed) return
    peer.write("still here")
    setImmediate(write)
  }
  write()
  expect(await broken).toMatchObject([{ code: expect.stringMatching(/EPIPE|ECONNRESET/) }])
})
