/** The same over the channels that Node has, which are those of browsers: messages are copied, and take their time. */
import { settled } from "../../../../test/support/manual-clock.ts"
import { sharedSocket } from "../../src/browser/index.ts"
import { type Client, createClient } from "../../src/index.ts"
import { FakeSockets } from "../support/fake-sockets.ts"
import { FakeBrowser } from "../support/fake-tabs.ts"
import { events, message, snapshot, stored, upToDate } from "../support/frames.ts"

async function until(done: () => boolean): Promise<void> {
  while (!done()) await settled()
}

test("[SUB2] [ACK3] tabs share a socket, and go on when the one that has it ends", async () => {
  const browser = new FakeBrowser()
  const sockets = new FakeSockets()
  const channels: BroadcastChannel[] = []
  const open = () => {
    const tab = browser.tab()
    const own: BroadcastChannel[] = []
    const channel = (name: string) => {
      const opened = new BroadcastChannel(name)
      own.push(opened)
      channels.push(opened)
      return opened
    }
    const socket = sharedSocket({ socket: sockets.factory, locks: tab.locks, channel })
    const client = createClient({ url: "ws://node/v1", user: "ada", device: "laptop", socket })
    const end = () => {
      for (const one of own) one.close()
      tab.end()
    }
    return { client, c: client.conversation("c"), end }
  }
  const texts = ({ c }: { c: ReturnType<Client["conversation"]> }) => c.snapshot().messages.map(({ text }) => text)

  const first = open()
  await until(() => sockets.all.length === 1)
  sockets.newest.welcome()
  await until(() => sockets.newest.ofType("subscribe").length === 1)
  sockets.newest.answer("subscribe", { conversation: "c" })
  sockets.newest.receive(snapshot("fresh", "1-a", message(1, "one")))
  sockets.newest.receive(upToDate("1-a"))
  const second = open()
  await until(() => second.c.snapshot().status === "live")
  sockets.newest.receive(events("1-a", "2-b", message(2, "two")))
  await until(() => texts(second).length === 2)
  expect(texts(second)).toEqual(texts(first))

  const sending = second.c.send("three")
  await until(() => sockets.newest.ofType("send").length === 1)
  const { key } = sockets.newest.last("send")
  first.end()
  await until(() => sockets.all.length === 2)
  sockets.newest.welcome()
  await until(() => sockets.newest.ofType("send").length === 1)
  expect(sockets.newest.last("send").key).toBe(key)
  expect(sockets.newest.last("subscribe")["cursor"]).toBe("2-b")
  sockets.newest.answer("send", stored(3))
  expect(await sending).toMatchObject({ seq: 3 })
  second.client.close()
  for (const channel of channels) channel.close()
})
