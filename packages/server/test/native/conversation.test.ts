/** One conversation over real sockets: make it, write into it, follow it, from several devices. */
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()
let made = 0
const freshName = () => `talk-${++made}`

describe("a conversation on the native protocol", () => {
  test("a hello is answered with a welcome that says who, where and which limits", async () => {
    const client = await current().connect({ user: "ada", device: "phone" })
    expect(await client.first("welcome")).toMatchObject({
      protocol: 1,
      user: "ada",
      device: "phone",
      node: "node-a",
      heartbeatMs: 30_000,
      limits: { frameBytesMax: 1_048_576, textCharsMax: 10_000 },
    })
    expect(client.frames).toHaveLength(1)
  })

  test("[ACK1] a send is acknowledged with its place, and everybody gets it", async () => {
    const conversation = freshName()
    const ada = await current().connect({ user: "ada" })
    expect(await ada.must({ type: "create", key: "k0", conversation, members: ["bob"] })).toMatchObject({
      conversation,
      seq: 3,
      duplicate: false,
    })
    const log = await ada.follow(conversation)
    const sent = await ada.must({ type: "send", key: "k1", conversation, text: "hello" })
    expect(sent).toMatchObject({ conversation, seq: 4, duplicate: false })
    await ada.until("the message", () => log.cursor === sent["cursor"])
    expect(log.events.at(-1)).toMatchObject({ type: "message", id: sent["ref"], text: "hello", seq: 4 })
    expect(log.faults).toEqual([])
  })

  test("[ACK3] a repeated send is one event, and its ack names the first; [ACK4] with another body it is refused", async () => {
    const conversation = freshName()
    const ada = await current().connect({ user: "ada" })
    await ada.must({ type: "create", key: "k0", conversation })
    const send = { type: "send", key: "k1", conversation, text: "once" }
    const first = await ada.must(send)
    expect(await ada.must(send)).toEqual({ ...first, duplicate: true })
    expect(await ada.refusal({ ...send, text: "twice" })).toMatchObject({ code: "key_reused", field: "key" })
    const tablet = await current().connect({ user: "ada", device: "tablet" })
    expect(await tablet.must(send)).toMatchObject({ duplicate: false })
    expect((await ada.follow(conversation)).texts).toEqual(["once", "once"])
  })

  test("[LOG1] two users on three devices each see one and the same history", async () => {
    const conversation = freshName()
    const phone = await current().connect({ user: "ada", device: "phone" })
    await phone.must({ type: "create", key: "k0", conversation, members: ["bob"] })
    const tablet = await current().connect({ user: "ada", device: "tablet" })
    const laptop = await current().connect({ user: "bob", device: "laptop" })
    const devices = [phone, tablet, laptop]
    const logs = await Promise.all(devices.map((device) => device.follow(conversation)))
    const perDevice = 40
    const writing = devices.map(async (device, who) => {
      for (let n = 0; n < perDevice; n++)
        await device.must({ type: "send", key: `m${n}`, conversation, text: `${who}/${n}` })
    })
    await Promise.all(writing)
    const last = 3 + devices.length * perDevice
    await Promise.all(devices.map((device, at) => device.until("all messages", () => logs[at]?.seq === last)))
    const [one, two, three] = logs.map((log) => log.events)
    expect(one).toHaveLength(last)
    expect(two).toEqual(one)
    expect(three).toEqual(one)
    expect(logs.flatMap((log) => log.faults)).toEqual([])
    expect(one?.map((event) => event.seq)).toEqual(Array.from({ length: last }, (_, index) => index + 1))
  })
})
