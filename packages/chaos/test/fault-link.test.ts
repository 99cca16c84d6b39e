/** The way on which things go wrong: late or not at all, but never other bytes than were sent. */
import { once } from "node:events"
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net"
import fc from "fast-check"
import type { Direction } from "../src/deployment/deployment.ts"
import { FaultLink } from "../src/deployment/fault-link.ts"

let echo: Server
let link: FaultLink
let portOf: () => number | undefined
const clients: Socket[] = []

beforeEach(async () => {
  echo = createServer((socket) => void socket.on("error", () => undefined).pipe(socket))
  echo.listen(0, "127.0.0.1")
  await once(echo, "listening")
  portOf = () => (echo.address() as AddressInfo).port
  link = await FaultLink.start(() => portOf())
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await link.close()
  echo.close()
})

function connect(port = link.port): Socket {
  const socket = dial(port, "127.0.0.1").on("error", () => undefined)
  clients.push(socket)
  return socket
}

/** Everything that comes, as soon as it comes. */
function heard(socket: Socket) {
  const chunks: Buffer[] = []
  let length = 0
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
  })
  return {
    get bytes(): Buffer {
      return Buffer.concat(chunks)
    },
    async has(count: number) {
      while (length < count) await once(socket, "data")
    },
  }
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.on("close", () => resolve()))

type Act =
  | { readonly type: "write"; readonly bytes: Uint8Array }
  | { readonly type: "hold"; readonly direction: Direction }
  | { readonly type: "throttle"; readonly direction: Direction; readonly rate: number }
  | { readonly type: "release" | "turn" }

const direction = fc.constantFrom<Direction>("to-server", "to-client")
const acts = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("write" as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 70_000 }) }),
    fc.record({ type: fc.constant("hold" as const), direction }),
    fc.record({ type: fc.constant("throttle" as const), direction, rate: fc.integer({ min: 1, max: 1_000_000 }) }),
    fc.record({ type: fc.constantFrom("release" as const, "turn" as const) }),
  ),
  { maxLength: 30 },
)

test("whatever is held, throttled and released, each connection gets its bytes whole and in order", async () => {
  await fc.assert(
    fc.asyncProperty(acts, acts, async (one, other) => {
      link.release()
      const played = await Promise.all([one, other].map((acts) => play(acts)))
      link.release()
      for (const { sent, answer } of played) {
        await answer.has(sent.length)
        expect(answer.bytes.equals(sent)).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

async function play(acts: readonly Act[]) {
  const client = connect()
  const answer = heard(client)
  for (const act of acts) await take(act, client)
  return { answer, sent: Buffer.concat(acts.flatMap((act) => (act.type === "write" ? [act.bytes] : []))) }
}

async function take(act: Act, client: Socket): Promise<void> {
  if (act.type === "write") client.write(act.bytes)
  else if (act.type === "hold") link.hold(act.direction)
  else if (act.type === "throttle") link.throttle(act.direction, act.rate)
  else if (act.type === "release") link.release()
  else await new Promise((resolve) => setImmediate(resolve))
}

/** So long that whatever could come has come: another connection, beside the link, has gone there and back so often. */
async function turns(): Promise<void> {
  const beside = connect(portOf())
  const answer = heard(beside)
  for (let turn = 1; turn <= 50; turn++) {
    beside.write("x")
    await answer.has(turn)
  }
}

test.each<Direction>(["to-server", "to-client"])(
  "held %s nothing gets through, also on new connections",
  async (way) => {
    const before = connect()
    const answer = heard(before)
    before.write("one")
    await answer.has(3)
    link.hold(way)
    const after = connect()
    const answerAfter = heard(after)
    before.write("two")
    after.write("three")
    await turns()
    expect(`${answer.bytes}${answerAfter.bytes}`).toBe("one")
    link.release()
    await Promise.all([answer.has(6), answerAfter.has(5)])
    expect(`${answer.bytes} ${answerAfter.bytes}`).toBe("onetwo three")
  },
)

test("one way only: what is asked arrives, and no answer comes", async () => {
  const arrived = new Promise<void>((resolve) => echo.on("connection", (socket) => socket.on("data", () => resolve())))
  link.hold("to-client")
  const client = connect()
  const answer = heard(client)
  client.write("asked")
  await arrived
  await turns()
  expect(answer.bytes.length).toBe(0)
})

test("who sends too much into what is held has to wait, and the link keeps little", async () => {
  link.hold("to-server")
  const client = connect()
  await once(client, "connect")
  const piece = Buffer.alloc(1_024 * 1_024)
  let sent = 0
  while (client.write(piece) || client.writableLength < 8 * piece.length) sent += piece.length
  await turns()
  expect(client.writableLength).toBeGreaterThan(0)
  const answer = heard(client)
  link.release()
  await answer.has(sent)
})

test("cut ends every connection, and who comes again gets there", async () => {
  const client = connect()
  const answer = heard(client)
  client.write("one")
  await answer.has(3)
  link.cut()
  await closed(client)
  const again = connect()
  const answerAgain = heard(again)
  again.write("two")
  await answerAgain.has(3)
})

test("it leads where its server is now, and nowhere while there is none", async () => {
  const real = portOf
  portOf = () => undefined
  await closed(connect())
  portOf = real
  const client = connect()
  const answer = heard(client)
  client.write("there")
  await answer.has(5)
})

test("an end arrives behind what was said before it, and while that is held nobody is told", async () => {
  link.hold("to-server")
  const ended = new Promise<string>((resolve) => {
    echo.on("connection", (socket) => {
      let text = ""
      socket.on("data", (chunk) => {
        text += `${chunk}`
      })
      socket.on("end", () => resolve(text))
    })
  })
  const client = connect()
  client.end("last words")
  await once(client, "finish")
  await turns()
  link.release()
  expect(await ended).toBe("last words")
})
