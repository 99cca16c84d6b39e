/** The parts of the demo: what it counts on the wire, its nodes as processes, and how it looks for a Redis. */
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@everthread/client"
import { type DownFrame, systemClock } from "@everthread/protocol"
import { ManualClock, settled } from "../../../test/support/manual-clock.ts"
import { wsSockets } from "../src/chat/ws-sockets.ts"
import { answersPing } from "../src/demo-cluster/find-redis.ts"
import { checkPorts } from "../src/demo-cluster/free-ports.ts"
import { startProcesses } from "../src/demo-cluster/many-processes.ts"
import type { NodePlan } from "../src/demo-cluster/node-flags.ts"
import { Received } from "../src/demo-cluster/received.ts"
import { demoTexts } from "../src/demo-cluster/texts.ts"

describe("counting on the wire", () => {
  const message = (seq: number, text: string) => ({
    type: "message" as const,
    seq,
    time: 1,
    by: { user: "ada", device: "laptop" },
    id: `m${seq}`,
    key: `k${seq}`,
    text,
  })
  const frame = (prev: string, cursor: string, ...events: ReturnType<typeof message>[]): DownFrame => ({
    type: "events",
    conversation: "c",
    prev,
    cursor,
    events,
  })
  const counted = (...frames: DownFrame[]) => {
    const received = new Received("c")
    for (const each of frames) received.take(each)
    return received
  }
  const first = frame("0-0", "2-b", message(1, "one"), message(2, "two"))

  test("[FRM2] frames that follow each other are neither a gap nor a repeat", () => {
    const received = counted(first, frame("2-b", "3-c", message(3, "three")))
    expect(received).toMatchObject({ gaps: 0, duplicates: 0 })
    expect(received.messages.map(({ text }) => text)).toEqual(["one", "two", "three"])
  })

  test("[FRM2] a frame that leaves something out is a gap", () => {
    expect(counted(first, frame("3-c", "4-d", message(4, "four")))).toMatchObject({ gaps: 1, duplicates: 0 })
  })

  test("[SUB4] what comes twice is a repeat, and so is what was stored twice", () => {
    expect(counted(first, first).duplicates).toBeGreaterThan(0)
    expect(counted(first, frame("2-b", "3-c", message(3, "two"))).duplicates).toBe(1)
  })

  test("[LOG1] another order is another digest", () => {
    const swapped = frame("0-0", "2-b", message(1, "two"), message(2, "one"))
    expect(counted(first).order).toBe(counted(first).order)
    expect(counted(swapped).order).not.toBe(counted(first).order)
  })

  test("takes no notice of other conversations", () => {
    expect(counted({ ...first, conversation: "other" } as DownFrame).messages).toEqual([])
  })
})

describe("looking for a Redis", () => {
  let server: Server
  let sockets: Socket[]
  /** @returns the port of a server that answers whatever it hears in this way. */
  async function answering(answer: string | undefined): Promise<number> {
    sockets = []
    server = createServer((socket) => {
      sockets.push(socket)
      socket.on("error", () => {})
      socket.on("data", () => {
        if (answer !== undefined) socket.write(answer)
        else server.emit("heard")
      })
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    return (server.address() as AddressInfo).port
  }
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  test.each([
    ["+PONG\r\n", true],
    ["-NOAUTH Authentication required.\r\n", false],
    ["HTTP/1.1 400 Bad Request\r\n\r\n", false],
  ])("an answer of %j means %s", async (answer, expected) => {
    expect(await answersPing("127.0.0.1", await answering(answer), systemClock)).toBe(expected)
  })

  test("nobody there is no Redis", async () => {
    const port = await answering("+PONG\r\n")
    server.close()
    await once(server, "close")
    expect(await answersPing("127.0.0.1", port, systemClock)).toBe(false)
  })

  test("one that says nothing is given up in time", async () => {
    const clock = new ManualClock()
    const port = await answering(undefined)
    const answered = answersPing("127.0.0.1", port, clock)
    await once(server, "heard")
    await settled()
    await clock.advance(300)
    expect(await answered).toBe(false)
  })
})

describe("nodes as processes", () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "everthread-demo-nodes-"))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const parts = { clock: systemClock, env: {}, inherited: process.env, texts: demoTexts.en }
  function plans(ports: readonly number[]): NodePlan[] {
    return ports.map((port, index) => {
      const own = join(folder, String(index))
      mkdirSync(own)
      return { id: `demo-x-${index + 1}`, port, folder: own }
    })
  }

  test("each is the real command under its own name, and ends when it is told to", async () => {
    const cluster = await startProcesses(plans([0, 0, 0]), parts)
    const clients = cluster.nodes.map(({ url }) => createClient({ url, user: "ada", device: "d", socket: wsSockets }))
    const welcomes = await Promise.all(clients.map((client) => client.ready()))
    expect(welcomes.map(({ node }) => node)).toEqual(["demo-x-1", "demo-x-2", "demo-x-3"])
    expect(welcomes.map(({ agents }) => agents)).toEqual([["demo"], ["demo"], ["demo"]])
    for (const client of clients) client.close()
    await cluster.stop()
    // Nobody listens there any more.
    await checkPorts(
      cluster.nodes.map(({ url }) => Number(new URL(url).port)),
      demoTexts.en,
    )
    expect(cluster.complaints()).toBe("")
  })

  test("one that does not start ends the others, and is quoted", async () => {
    const taken = createServer().listen(0, "127.0.0.1")
    await once(taken, "listening")
    const { port } = taken.address() as AddressInfo
    await expect(startProcesses(plans([0, port, 0]), parts)).rejects.toMatchObject({
      name: "CliError",
      advice: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`) as string,
    })
    taken.close()
  })
})
