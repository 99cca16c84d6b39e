/** What becomes of a message to a busy agent, over real sockets; a worker's part is written by the test. */
import { isOpen, limits, type Run } from "@everthread/protocol"
import { askInRun, beginRun, endRun } from "../support/acting-worker.ts"
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ agents: ["scribe", "clerk"] })
let made = 0

interface Room {
  readonly conversation: string
  /** Two devices of two members, both up to date. */
  readonly ada: NativeClient
  readonly bob: NativeClient
  runs(): readonly Run[]
  /** Sends, and waits until both devices have it. @returns the run. */
  ask(text: string, more?: object): Promise<string>
}

async function room(more: object = {}): Promise<Room> {
  const conversation = `busy-${++made}`
  const [ada, bob] = await Promise.all([current().connect({ user: "ada" }), current().connect({ user: "bob" })])
  await ada.must({ type: "create", key: "k", conversation, agent: "scribe", members: ["bob"], ...more })
  await Promise.all([ada.follow(conversation), bob.follow(conversation)])
  const runs = () => ada.log(conversation).state.runs
  const ask = async (text: string, more: object = {}) => {
    const { ref, seq } = await ada.must({ type: "send", key: text, conversation, text, ...more })
    await seen(conversation, seq as number, ada, bob)
    return runs().find((run) => run.message === ref)?.id ?? ""
  }
  return { conversation, ada, bob, runs, ask }
}

async function seen(conversation: string, seq: number, ...devices: readonly NativeClient[]): Promise<void> {
  for (const device of devices) await device.until(`${seq} is here`, () => device.log(conversation).seq >= seq)
}

const order = (runs: readonly Run[]) => runs.filter(isOpen).map(({ id }) => id)

describe("enqueue", () => {
  test("[QUE1] [QUE2] it is what happens where nobody says otherwise, and every device sees the same queue", async () => {
    const { ask, ada, bob, conversation } = await room()
    const runs = [await ask("one"), await ask("two"), await ask("three")]
    for (const device of [ada, bob]) expect(order(device.log(conversation).state.runs)).toEqual(runs)
  })

  test("[QUE2] what the message says goes before what the conversation says", async () => {
    const { ask, runs } = await room({ whenBusy: "reject" })
    await ask("one")
    await ask("two", { whenBusy: "enqueue" })
    expect(order(runs())).toHaveLength(2)
  })
})

describe("reject", () => {
  test("[QUE3] it is refused while any run is open, and taken when none is", async () => {
    const { ask, bob, conversation } = await room({ whenBusy: "reject" })
    const { engine } = current()
    const run = await ask("one")
    const again = { type: "send", key: "again", conversation, text: "again" }
    expect(await bob.refusal(again)).toMatchObject({ code: "busy", retryable: false })
    const fence = await beginRun(engine, conversation, run)
    expect(await bob.refusal(again)).toMatchObject({ code: "busy" })
    await endRun(engine, conversation, fence, run)
    expect(await bob.must(again)).toMatchObject({ duplicate: false })
  })

  test("[QUE3] [ACK3] a repeat of what was taken is answered as one, though its own run is open", async () => {
    const { ask, ada, conversation } = await room()
    await ask("one", { whenBusy: "reject" })
    const again = { type: "send", key: "one", conversation, text: "one", whenBusy: "reject" }
    expect(await ada.must(again)).toMatchObject({ duplicate: true })
  })

  test("[QUE3] of twenty devices that send at the same moment exactly one is taken", async () => {
    for (let round = 0; round < 5; round++) {
      const { conversation, ada, runs } = await room({ whenBusy: "reject" })
      const names = Array.from({ length: 20 }, (_, index) => `d${index}`)
      const devices = await Promise.all(names.map((device) => current().connect({ user: "bob", device })))
      const sends = devices.map((device) => device.request({ type: "send", key: "k", conversation, text: "me" }))
      const replies = await Promise.all(sends)
      expect(replies.filter(({ type }) => type === "ok")).toHaveLength(1)
      for (const reply of replies) if (reply.type === "error") expect(reply.error.code).toBe("busy")
      await ada.until("its run is here", () => runs().length > 0)
      expect(order(runs())).toHaveLength(1)
      for (const device of devices) device.cut()
    }
  })
})

describe("interrupt", () => {
  test("[QUE4] the run under way is asked to stop, and the message is next, before all that wait", async () => {
    const { ask, runs, conversation } = await room()
    const [one, two] = [await ask("one"), await ask("two")]
    await beginRun(current().engine, conversation, one)
    const three = await ask("three", { whenBusy: "interrupt" })
    expect(order(runs())).toEqual([one, three, two])
    expect(runs().map(({ stopBy }) => stopBy?.user)).toEqual(["ada", undefined, undefined])
  })

  test("[QUE4] a run that waits for an answer is stopped too, and some worker is told to end it", async () => {
    const { ask, conversation, ada, runs } = await room()
    const { engine } = current()
    const one = await ask("one")
    const fence = await beginRun(engine, conversation, one)
    await askInRun(engine, conversation, fence, one)
    const opening = (await engine.leases.openRuns()).find(({ run }) => run === one)
    await engine.leases.settle(conversation, one, opening?.seq ?? 0)
    const two = await ask("two", { whenBusy: "interrupt" })
    await ada.until("it is to stop", () => runs()[0]?.stopBy !== undefined)
    const opened = (await engine.leases.openRuns()).filter((run) => run.conversation === conversation)
    expect(opened.map(({ run }) => run).sort()).toEqual([one, two].sort())
  })

  test("[QUE4] where nobody is busy it is a message like any other", async () => {
    const { ask, ada, conversation } = await room()
    await ask("one", { whenBusy: "interrupt" })
    const types = ada.log(conversation).events.map(({ type }) => type)
    expect(types.slice(-2)).toEqual(["message", "run.queued"])
  })

  test("[QUE4] of many at once each is stored, and the last one in the log is the next one", async () => {
    const { ask, conversation, ada, bob, runs } = await room()
    await beginRun(current().engine, conversation, await ask("one"))
    const sends = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? ada : bob).must({ type: "send", key: `i${i}`, conversation, text: `i${i}`, whenBusy: "interrupt" }),
    )
    const places = (await Promise.all(sends)).sort((a, b) => (b["seq"] as number) - (a["seq"] as number))
    await seen(conversation, places[0]?.["seq"] as number, ada)
    const messages = places.map(({ ref }) => ref)
    expect(
      runs()
        .slice(1)
        .map(({ message }) => message),
    ).toEqual(messages)
    expect(ada.log(conversation).events.filter(({ type }) => type === "run.stop")).toHaveLength(1)
  })
})

test("[QUE7] of 130 messages sent at once 100 are taken, and 30 are told which limit is reached", async () => {
  const { conversation, ada, runs } = await room()
  const limit = limits.openRunsMax
  const sends = Array.from({ length: limit + 30 }, (_, i) =>
    ada.request({ type: "send", key: `k${i}`, conversation, text: `m${i}` }),
  )
  const replies = await Promise.all(sends)
  expect(replies.filter(({ type }) => type === "ok")).toHaveLength(limit)
  for (const reply of replies)
    if (reply.type === "error") expect(reply.error).toMatchObject({ code: "limit_reached", limit })
  await ada.until("all are here", () => runs().length >= limit)
  expect(order(runs())).toHaveLength(limit)
})

describe("promote", () => {
  test("[QUE6] any member may have a run go before all others that wait, and every device sees it", async () => {
    const { ask, bob, ada, conversation } = await room()
    const [one, two, three] = [await ask("one"), await ask("two"), await ask("three")]
    await beginRun(current().engine, conversation, one)
    const { seq, ref } = await bob.must({ type: "promote", key: "p", conversation, run: three })
    expect(ref).toBe(three)
    await seen(conversation, seq as number, ada, bob)
    for (const device of [ada, bob]) expect(order(device.log(conversation).state.runs)).toEqual([one, three, two])
  })

  test("[QUE6] one that is under way, has ended or never was is refused, each in its own words", async () => {
    const { ask, bob, conversation } = await room()
    const { engine } = current()
    const run = await ask("one")
    const fence = await beginRun(engine, conversation, run)
    const promote = { type: "promote", key: "p", conversation, run }
    await bob.until("it is under way", () => bob.log(conversation).state.runs[0]?.status === "running")
    expect(await bob.refusal(promote)).toMatchObject({ code: "invalid_field", field: "run" })
    await endRun(engine, conversation, fence, run)
    await bob.until("it has ended", () => bob.log(conversation).state.runs[0]?.status === "completed")
    expect(await bob.refusal(promote)).toMatchObject({ code: "run_ended", field: "run" })
    expect(await bob.refusal({ ...promote, run: "never" })).toMatchObject({ code: "not_found", field: "run" })
    const eve = await current().connect({ user: "eve" })
    expect(await eve.refusal(promote)).toMatchObject({ code: "not_member" })
  })
})

describe("conversation.update", () => {
  test("[QUE2] [CON5] an owner changes title, agent and policy, and lists show the new title", async () => {
    const { ada, bob, ask, conversation, runs } = await room({ title: "old" })
    const change = {
      type: "conversation.update",
      key: "u",
      conversation,
      title: "new",
      agent: "clerk",
      whenBusy: "reject",
    }
    expect(await bob.refusal(change)).toMatchObject({ code: "forbidden" })
    const { seq } = await ada.must(change)
    expect(await ada.must(change)).toMatchObject({ seq, duplicate: true })
    await seen(conversation, seq as number, bob)
    expect(bob.log(conversation).state).toMatchObject({ title: "new", agent: "clerk", whenBusy: "reject" })
    const { conversations } = (await bob.must({ type: "conversations" })) as { conversations: object[] }
    expect(conversations).toContainEqual({ conversation, role: "member", title: "new" })
    await ask("one")
    expect(runs()).toMatchObject([{ agent: "clerk" }])
    expect(await bob.refusal({ type: "send", key: "k", conversation, text: "two" })).toMatchObject({ code: "busy" })
  })

  test("[CON2] nothing named, and an agent that is not there, are refused", async () => {
    const { ada, conversation } = await room()
    const change = { type: "conversation.update", key: "u", conversation }
    expect(await ada.refusal(change)).toMatchObject({ code: "invalid_field", field: "title" })
    expect(await ada.refusal({ ...change, agent: "nobody" })).toMatchObject({ code: "not_found", field: "agent" })
    expect(await ada.refusal({ ...change, whenBusy: "panic" })).toMatchObject({ code: "invalid_field" })
  })

  test("[LOG3] of titles that are set at once the last one in the log is the one that lists show", async () => {
    const { ada, conversation } = await room()
    const titles = Array.from({ length: 5 }, (_, index) => `title${index}`)
    const set = (title: string) => ada.must({ type: "conversation.update", key: title, conversation, title })
    const places = (await Promise.all(titles.map(set))).map(({ seq }) => seq as number)
    await seen(conversation, Math.max(...places), ada)
    const { conversations } = (await ada.must({ type: "conversations" })) as { conversations: { title?: string }[] }
    const { title } = ada.log(conversation).state
    expect(titles).toContain(title)
    expect(conversations).toContainEqual({ conversation, role: "owner", title })
  })
})
