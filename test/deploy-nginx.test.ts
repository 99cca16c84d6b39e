/** The shipped nginx.conf in front of three real nodes: any node serves any device, whichever one goes. */

import { until } from "@everthread/stage"
import { type Frame, SimpleClient, texts } from "../packages/server/test/simple/support/simple-client.ts"
import { NativeClient } from "../packages/server/test/support/native-client.ts"
import { type RunningNginx, startNginx } from "./support/deploy/nginx.ts"
import { type Nodes, startNodes } from "./support/deploy/nodes.ts"
import { addressIn, openAnywhere, openOn, wsUrl } from "./support/deploy/through-nginx.ts"

const names = ["node-1", "node-2", "node-3"]

describe.each([
  ["round robin", false],
  ["ip_hash", true],
])("behind nginx with %s", (_, sticky) => {
  let nodes: Nodes
  let nginx: RunningNginx
  beforeAll(async () => {
    nodes = await startNodes()
    nginx = await startNginx({ nodes: nodes.ports, sticky })
  })
  afterAll(async () => {
    await nginx?.stop()
    await nodes?.stop()
  })

  test.each(["/", "/ws", "/ws?v=1"])("[SIM1] a hello at %s is answered", async (path) => {
    const client = await SimpleClient.open(wsUrl(nginx.port, path))
    expect(await client.hello("ann", "phone")).toMatchObject({ type: "system", user_id: "ann" })
    await client.close()
  })

  test("the native protocol is at /v1", async () => {
    const client = await NativeClient.connect(nginx.port, { user: "ann", device: "laptop" })
    expect(client.frames[0]).toMatchObject({ type: "welcome", user: "ann" })
    client.cut()
  })

  test("devices are spread as configured", async () => {
    const from = async (network: number) => {
      const { client, node } = await openAnywhere(nginx.port, addressIn(network))
      await client.close()
      return node
    }
    const same = [await from(7), await from(7), await from(7)]
    expect(new Set(same).size).toBe(sticky ? 1 : names.length)
    expect([await from(1), await from(2), await from(3)].sort()).toEqual(names)
  })

  test("[LOG1] [NOD1] devices on different nodes see one log", async () => {
    const opened = await Promise.all(names.map((name) => openOn(nginx.port, name)))
    const devices = opened.map(({ client }) => client)
    const hellos = devices.map((device, index) => device.hello(`user-${index}`, "d", in_("hall")))
    expect((await Promise.all(hellos)).map((greeting) => greeting["server_id"])).toEqual(names)
    const writes = [1, 2, 3, 4].flatMap((n) => devices.map((device, index) => device.text(`${n}`, `${index}:${n}`)))
    await Promise.all(writes)
    const { client: last } = await openOn(nginx.port, "node-1")
    await last.hello("last", "d", in_("hall"))
    await last.text("end", "end")
    for (const device of devices) await device.next((frame) => frame["content"] === "end")
    const log = (await last.command("history"))["messages"] as Frame[]
    expect(log).toHaveLength(writes.length + 1)
    for (const [index, device] of devices.entries()) {
      const expected = log.filter(({ user_id }) => user_id !== `user-${index}`)
      expect(texts(device.frames).map(seqOf)).toEqual(expected.map(seqOf))
    }
    await Promise.all([last, ...devices].map((device) => device.close()))
  })

  test("[SIM2] [SIM3] [CON4] [NOD1] a node that stops costs its devices a reconnect, and no message", async () => {
    const { client: writer } = await openOn(nginx.port, "node-2")
    await writer.hello("writer", "desk", in_("lobby"))
    const readers = await Promise.all(["ada", "bob", "eve"].map((user) => Reader.on(nginx.port, "node-1", user)))
    const staying = await Reader.on(nginx.port, "node-3", "zoe")
    for (let n = 1; n <= 10; n++) await writer.text(`${n}`, `before-${n}`)
    const stopped = nodes.named("node-1").stop()
    for (let n = 11; n <= 20; n++) await writer.text(`${n}`, `during-${n}`)
    await stopped
    for (const reader of readers) expect(await reader.client.closed).toBe(4503)
    for (let n = 21; n <= 30; n++) await writer.text(`${n}`, `after-${n}`)

    const session = readers.map((reader) => reader.greeting["session_id"])
    for (const reader of readers) await reader.comeBack(nginx.port)
    expect(readers.map(({ greeting }) => greeting["recovered"])).toEqual([true, true, true])
    expect(readers.map(({ greeting }) => greeting["session_id"])).toEqual(session)
    expect(readers.map(({ greeting }) => greeting["server_id"])).not.toContain("node-1")
    await writer.text("31", "last")
    const everything = Array.from({ length: 31 }, (_, index) => `${index + 1}`)
    for (const reader of [...readers, staying]) expect(await reader.shown("31")).toEqual(everything)
    expect(staying.client.socket.readyState).toBe(staying.client.socket.OPEN)
  })

  test("a node that is back gets devices again", async () => {
    await nodes.named("node-1").start()
    const { client } = await until("nginx to choose node-1", () => openOn(nginx.port, "node-1"))
    expect(await client.hello("ann", "watch")).toMatchObject({ server_id: "node-1" })
    await client.close()
  })
})

const in_ = (conversation_id: string) => ({ conversation_id })

const seqOf = ({ seq }: Frame) => seq

/** A device that shows what it gets, over all its connections. */
class Reader {
  readonly #user: string
  readonly #localAddress: string
  readonly #frames: Frame[][] = []
  client: SimpleClient
  greeting: Frame

  private constructor(user: string, localAddress: string, client: SimpleClient, greeting: Frame) {
    this.#user = user
    this.#localAddress = localAddress
    this.client = client
    this.greeting = greeting
    this.#frames.push(client.frames)
  }

  static async on(port: number, node: string, user: string): Promise<Reader> {
    const { client, localAddress } = await openOn(port, node)
    return new Reader(user, localAddress, client, await client.hello(user, "phone", in_("lobby")))
  }

  /** Once, and from where it was: nginx finds a node that lives by itself, whichever it would have chosen. */
  async comeBack(port: number): Promise<void> {
    this.client = await SimpleClient.open(wsUrl(port), { localAddress: this.#localAddress })
    this.greeting = await this.client.hello(this.#user, "phone", in_("lobby"))
    this.#frames.push(this.client.frames)
  }

  /** What it has shown when this text is there: what it got twice, because its pong was lost, once. */
  async shown(last: string): Promise<unknown[]> {
    await this.client.next((frame) => frame["content"] === last)
    const once = new Map(texts(this.#frames.flat()).map((frame) => [frame["message_id"], frame["content"]]))
    return [...once.values()]
  }
}
