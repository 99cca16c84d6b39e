/** What peers can make a node hold before it knows who they are. */
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { protocolVersion } from "@everthread/protocol"
import { clientFrame, goodHeaders, opcodes, RawPeer } from "../support/raw-peer.ts"
import { scrape } from "../support/scrape.ts"
import { nodeForTests, startNode } from "../support/start-node.ts"

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

test("[CON6] of hundreds that come at once with their hello in hand all that stay are answered, and nothing is left of those that vanish", async () => {
  const node = await startNode({ metrics: {} })
  const peers = Array.from({ length: 200 }, (_, index) => ({ peer: eager(node.port, index), stays: index % 2 === 0 }))
  await Promise.all(peers.map(({ peer }) => once(peer, "connect")))
  for (const { peer, stays } of peers) if (!stays) peer.destroy()
  const staying = peers.filter(({ stays }) => stays).map(({ peer }) => peer)
  await Promise.all(staying.map(untilAnswered))
  for (let open = -1; open !== staying.length; open = await connectionsOf(node.port));
  for (const peer of staying) peer.destroy()
  for (let open = -1; open !== 0; open = await connectionsOf(node.port));
  await node.stop()
})

/** Says everything in one breath: the upgrade, the hello, and a request behind it. */
function eager(port: number, index: number): Socket {
  const hello = { type: "hello", protocol: protocolVersion, user: `stranger-${index}`, device: "phone" }
  const frames = [hello, { type: "ping", id: 7 }].map((frame) => clientFrame(opcodes.text, JSON.stringify(frame)))
  const upgrade = ["GET /v1 HTTP/1.1", ...goodHeaders, "", ""].join("\r\n")
  const peer = connect(port, "127.0.0.1")
  peer.on("error", () => undefined)
  peer.write(Buffer.concat([Buffer.from(upgrade), ...frames]))
  return peer
}

async function untilAnswered(peer: Socket): Promise<void> {
  let heard = ""
  for await (const chunk of peer.iterator({ destroyOnReturn: false })) {
    heard += String(chunk)
    if (heard.includes('"id":7')) return
  }
  throw new Error(`It ended after ${JSON.stringify(heard)}`)
}

const connectionsOf = async (port: number) =>
  (await scrape(port)).value('everthread_connections{gateway="native"}') ?? 0
