/**
 * Peers that do not speak the protocol, or WebSocket at all, as a table: each is told why where that can be said,
 * and let go with a code that says whether to come back; a second connection notices nothing.
 */
import { protocolVersion } from "@everthread/protocol"
import type { LocalLog } from "../support/local-log.ts"
import type { NativeClient } from "../support/native-client.ts"
import { clientFrame, opcodes, RawPeer } from "../support/raw-peer.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ websocket: { helloTimeoutMs: 400, heartbeatIntervalMs: 1_000 } })
const conversation = "town-hall"
let good: NativeClient
let goodLog: LocalLog
let key = 0

beforeAll(async () => {
  good = await current().connect({ user: "ada" })
  await good.must({ type: "create", key: "k", conversation, members: ["mallory"] })
  goodLog = await good.follow(conversation)
})

afterEach(async () => {
  const name = `still-here-${key++}`
  const { cursor } = await good.must({ type: "send", key: name, conversation, text: name })
  await good.until("its own message", () => goodLog.cursor === cursor)
  expect(goodLog.texts).toHaveLength(key)
  expect(goodLog.faults).toEqual([])
  const fresh = await current().connect({ user: "ada", device: "tablet" })
  expect((await fresh.follow(conversation)).state).toEqual(goodLog.state)
  fresh.cut()
  expect(current().log.lines.filter(({ level }) => level === "error")).toEqual([])
})

const hello = { type: "hello", protocol: protocolVersion, user: "mallory", device: "phone" }

async function greeted(): Promise<RawPeer> {
  const peer = await RawPeer.open(current().port)
  peer.send(hello)
  await peer.text(({ type }) => type === "welcome")
  return peer
}

interface Told {
  readonly error?: object
  readonly code: number
}

const badFrame = (message: string): Told => ({
  error: { code: "bad_frame", message: expect.stringContaining(message) },
  code: 4400,
})
const mebibyte = 1_048_576
const text = (payload: string | Uint8Array) => clientFrame(opcodes.text, payload)

const afterHello: [string, () => Buffer, Told][] = [
  ["no JSON", () => text("hello?"), badFrame("not JSON")],
  ["nothing", () => text(""), badFrame("not JSON")],
  ["a JSON array", () => text("[1]"), badFrame("not an object")],
  ["a JSON text", () => text('"ping"'), badFrame("not an object")],
  ["a JSON null", () => text("null"), badFrame("not an object")],
  ["a JSON number", () => text("1e999"), badFrame("not an object")],
  ["half of some JSON", () => text('{"type":"ping","id":1'), badFrame("not JSON")],
  [
    "what is nested too deep",
    () => text(`{"type":"ping","id":1,"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`),
    { error: { code: "bad_frame", limit: 32 }, code: 4400 },
  ],
  [
    "what is nested deeper than any stack",
    () => text("[".repeat(900_000)),
    { error: { code: "bad_frame", limit: 32 }, code: 4400 },
  ],
  ["a binary frame", () => clientFrame(opcodes.binary, "x"), badFrame("binary")],
  [
    "two MiB",
    () => text("x".repeat(2 * mebibyte)),
    { error: { code: "frame_too_large", limit: mebibyte }, code: 4413 },
  ],
  [
    "two MiB of binary",
    () => clientFrame(opcodes.binary, "x".repeat(2 * mebibyte)),
    { error: { code: "frame_too_large" }, code: 4413 },
  ],
  [
    "eight MiB",
    () => text("x".repeat(8 * mebibyte)),
    { error: { code: "frame_too_large", limit: mebibyte }, code: 4413 },
  ],
  [
    "the promise of all there is",
    () => Buffer.from("81ffffffffffffffffff00000000", "hex"),
    { error: { code: "frame_too_large", limit: mebibyte }, code: 4413 },
  ],
  [
    "the promise of four GiB",
    () => Buffer.from("81ff000000010000000000000000", "hex"),
    { error: { code: "frame_too_large", limit: mebibyte }, code: 4413 },
  ],
  [
    "text that is no UTF-8",
    () => text(Buffer.from('{"type":"ping\xff\xfe"}', "latin1")),
    { error: { code: "bad_frame", message: expect.stringContaining("UTF-8") }, code: 4400 },
  ],
  [
    "half a surrogate as UTF-8",
    () => text(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
    { error: { code: "bad_frame", message: expect.stringContaining("UTF-8") }, code: 4400 },
  ],
  [
    "a frame without a mask",
    () => Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
  [
    "an opcode that does not exist",
    () => clientFrame(3, "x"),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
  [
    "reserved bits",
    () => Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
  [
    "a ping that is too long",
    () => clientFrame(opcodes.ping, "x".repeat(126)),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
  [
    "a ping in pieces",
    () => clientFrame(opcodes.ping, "x", false),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
  [
    "the end of what was not begun",
    () => clientFrame(opcodes.continuation, "x"),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
  [
    "thousands of tiny pieces",
    () => pieces(5_000),
    { error: { code: "bad_frame", message: expect.stringContaining("pieces") }, code: 4400 },
  ],
  [
    "a goodbye with a code that does not exist",
    () => clientFrame(opcodes.close, Buffer.from([0x00, 0x01])),
    { error: { code: "bad_frame", message: expect.stringContaining("WebSocket frame") }, code: 4400 },
  ],
]

/** A text in so many pieces of one character, never ended. */
function pieces(count: number): Buffer {
  const first = clientFrame(opcodes.text, " ", false)
  const more = Array.from({ length: count }, () => clientFrame(opcodes.continuation, " ", false))
  return Buffer.concat([first, ...more])
}

const beforeHello: [string, object | string, Told][] = [
  ["a command", { type: "ping", id: 1 }, { error: { code: "hello_required" }, code: 4400 }],
  [
    "an unknown command",
    { type: "helo" },
    { error: { code: "unknown_command", message: expect.stringContaining("hello") }, code: 4400 },
  ],
  [
    "another version",
    { ...hello, protocol: 99 },
    { error: { code: "protocol_unsupported", field: "protocol" }, code: 4426 },
  ],
  [
    "no version",
    { ...hello, protocol: undefined },
    { error: { code: "invalid_field", field: "protocol" }, code: 4400 },
  ],
  ["nobody", { ...hello, user: undefined }, { error: { code: "invalid_field", field: "user" }, code: 4400 }],
  ["no device", { ...hello, device: undefined }, { error: { code: "invalid_field", field: "device" }, code: 4400 }],
  [
    "a user with a space",
    { ...hello, user: "ada lovelace" },
    { error: { code: "invalid_field", field: "user" }, code: 4400 },
  ],
  [
    "a user who is every object",
    { ...hello, user: "__proto__" },
    { error: { code: "invalid_field", field: "user" }, code: 4400 },
  ],
  [
    "a user with a name without end",
    { ...hello, user: "x".repeat(500) },
    { error: { code: "invalid_field", field: "user", limit: 128 }, code: 4400 },
  ],
  ["no JSON", "GET / HTTP/1.1", { error: { code: "bad_frame" }, code: 4400 }],
]

const told = async (peer: RawPeer, { error, code }: Told) => {
  expect(await peer.closeCode()).toBe(code)
  if (error) expect(peer.texts.at(-1)).toMatchObject({ type: "error", error })
  peer.destroy()
}

describe("peers that do not speak the protocol", () => {
  test.each(afterHello)("[CON2] [CON6] after the hello: %s", async (_, bytes, expected) => {
    const peer = await greeted()
    peer.write(bytes())
    await told(peer, expected)
  })

  test.each(beforeHello)("[CON1] [CON2] instead of a hello: %s", async (_, frame, expected) => {
    const peer = await RawPeer.open(current().port)
    peer.write(text(typeof frame === "string" ? frame : JSON.stringify(frame)))
    await told(peer, expected)
  })

  test("[CON1] whoever says nothing is told so and let go", async () => {
    const peer = await RawPeer.open(current().port)
    await told(peer, { error: { code: "hello_timeout", retryable: true }, code: 4408 })
  })

  test("[CON3] whoever answers no ping is let go", async () => {
    const peer = await greeted()
    expect(await peer.closeCode()).toBe(4408)
    expect(peer.frames.filter(({ opcode }) => opcode === opcodes.ping).length).toBeGreaterThan(0)
  })

  test("[CON6] a frame that is begun and never ended is let go", async () => {
    const peer = await greeted()
    peer.write(text(JSON.stringify({ type: "ping", id: 1 })).subarray(0, 12))
    expect(await peer.closeCode()).toBe(4408)
  })

  test("[CON6] some pings at once are answered; a flood of them ends the connection", async () => {
    const peer = await greeted()
    const pings = (count: number) => Buffer.concat(Array.from({ length: count }, () => clientFrame(opcodes.ping, "?")))
    peer.write(pings(50))
    peer.send({ type: "ping", id: 9 })
    await peer.text(({ id }) => id === 9)
    expect(peer.frames.filter(({ opcode, payload }) => opcode === opcodes.pong && `${payload}` === "?")).toHaveLength(
      50,
    )
    peer.write(pings(20_000))
    await peer.closed
  })

  test("[CON6] a peer that hangs up in the middle of everything harms nobody", async () => {
    const peers = await Promise.all(Array.from({ length: 20 }, greeted))
    for (const [at, peer] of peers.entries()) {
      peer.send({ type: "subscribe", id: 1, conversation })
      peer.send({ type: "send", id: 2, key: `gone${at}`, conversation: "nowhere", text: "x" })
      peer.write(text("x".repeat(1_000)).subarray(0, 500))
      peer.destroy()
    }
    await Promise.all(peers.map(({ closed }) => closed))
  })

  test("[CON6] an upgrade to an unknown path, or from a foreign page, is refused as HTTP", async () => {
    await expect(current().open({ path: "/v9" })).rejects.toThrow("404")
    await expect(current().open({ origin: "http://evil.example" })).rejects.toThrow("403")
  })

  test.each([
    [
      "another version of WebSocket",
      [
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 7",
      ],
    ],
    ["no key", ["Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]],
    ["another protocol", ["Host: x", "Upgrade: telnet", "Connection: Upgrade"]],
  ])("[CON6] an upgrade with %s gets an HTTP answer and no more", async (_, headers) => {
    const peer = await RawPeer.open(current().port, "/v1", headers)
    await peer.closed
    expect(peer.frames).toEqual([])
  })
})
