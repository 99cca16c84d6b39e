/**
 * A way to a server on which a subscriber can be made deaf, or everybody; single messages can be lost, connections cut,
 * and where new ones lead can be changed. What it lets through keeps its order.
 */
import { once } from "node:events"
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net"
import { framesIn } from "./resp-frames.ts"

interface Way {
  readonly client: Socket
  readonly server: Socket
  isSubscriber: boolean
  isDeaf: boolean
  held: Buffer[]
}

/** What the engine names its subscriber connections. */
const subscriberName = "-subscriber"

export class FaultyWay {
  /** Where new connections lead. */
  target: number
  /** How many messages it has lost. */
  lost = 0
  /** How many subscriber connections have ended. */
  subscribersEnded = 0
  readonly #server: Server
  readonly #ways = new Set<Way>()
  #loses: ((frame: string) => boolean) | undefined

  private constructor(target: number, server: Server) {
    this.target = target
    this.#server = server
    server.on("connection", (client) => this.#connect(client))
  }

  static async start(target: number): Promise<FaultyWay> {
    const server = createServer()
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new FaultyWay(target, server)
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on nothing reaches the subscribers that are connected now; the connections stay open. */
  deafen(): void {
    for (const way of this.#ways) way.isDeaf = way.isSubscriber
  }

  /** From now on nothing reaches whoever is connected now, answers included; what they ask is done. */
  mute(): void {
    for (const way of this.#ways) way.isDeaf = true
  }

  /** Ends the connections that there are; what was held back is lost. */
  cut(): void {
    for (const { client } of this.#ways) client.destroy()
  }

  /** What was held back comes after all. */
  undeafen(): void {
    for (const way of this.#ways) {
      way.isDeaf = false
      for (const bytes of way.held.splice(0)) way.client.write(bytes)
    }
  }

  /** Loses each message to a subscriber for which this holds. */
  lose(isLost: ((frame: string) => boolean) | undefined): void {
    this.#loses = isLost
  }

  async close(): Promise<void> {
    for (const { client, server } of this.#ways) {
      client.destroy()
      server.destroy()
    }
    this.#server.close()
    await once(this.#server, "close")
  }

  #connect(client: Socket): void {
    const server = dial(this.target, "127.0.0.1")
    const way: Way = { client, server, isSubscriber: false, isDeaf: false, held: [] }
    this.#ways.add(way)
    let rest = Buffer.alloc(0)
    client.on("data", (bytes) => {
      way.isSubscriber ||= bytes.includes(subscriberName)
      server.write(bytes)
    })
    server.on("data", (bytes) => {
      const cut = framesIn(Buffer.concat([rest, bytes]))
      rest = Buffer.from(cut.rest)
      for (const frame of cut.frames) this.#down(way, frame)
    })
    for (const socket of [client, server]) {
      socket.on("error", () => undefined)
      socket.on("close", () => {
        if (this.#ways.delete(way) && way.isSubscriber) this.subscribersEnded += 1
        client.destroy()
        server.destroy()
      })
    }
  }

  #down(way: Way, frame: Buffer): void {
    if (way.isSubscriber && frame[0] === 0x3e && this.#loses?.(frame.toString())) this.lost += 1
    else if (way.isDeaf) way.held.push(frame)
    else way.client.write(frame)
  }
}
