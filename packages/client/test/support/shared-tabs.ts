/** Tabs of one browser that share a socket, and what each of them shows. */
import type { Conversation } from "../../src/index.ts"
import { type FakeSocket, FakeSockets } from "./fake-sockets.ts"
import { message, snapshot, upToDate } from "./frames.ts"
import { type Tab, TabWorld } from "./tabs.ts"

export const texts = (c: Conversation) => c.snapshot().messages.map(({ text }) => text)
export const statuses = (tabs: readonly Tab[]) => tabs.map(({ c }) => c.snapshot().status)

export class World extends TabWorld {
  readonly sockets: FakeSockets

  constructor(sockets = new FakeSockets()) {
    super(sockets.factory)
    this.sockets = sockets
  }

  get socket(): FakeSocket {
    return this.sockets.newest
  }

  async opened(over: Parameters<TabWorld["open"]>[0] = {}): Promise<Tab> {
    const tab = this.open(over)
    await this.settle()
    return tab
  }

  /** Answers the newest subscription with two messages. */
  async goLive(): Promise<void> {
    this.socket.answer("subscribe", { conversation: "c" })
    this.socket.receive(snapshot("fresh", "2-b", message(1, "one"), message(2, "two")))
    this.socket.receive(upToDate("2-b"))
    await this.settle()
  }
}

/** Two tabs that are live over the socket of the first one. */
export async function twoTabs() {
  const world = new World()
  const first = await world.opened()
  world.socket.welcome()
  await world.settle()
  await world.goLive()
  const second = await world.opened()
  return { world, first, second, socket: world.socket }
}
