/** Checkpoints and forks over real sockets, with an agent that says what its thread knows, on both stores. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Conversation, type ConversationView, createClient, RequestError, socketsOf } from "@everthread/client"
import { type Json, systemClock, systemRandom, textOf } from "@everthread/protocol"
import { loadConfig } from "@everthread/server/config"
import { createLog } from "@everthread/server/logging"
import { type RedisServer, startRedis } from "@everthread/stage"
import { WebSocket } from "ws"
import { NativeClient } from "../../server/test/support/native-client.ts"
import { findAgents } from "../src/serve/agent-source.ts"
import { type OpenedStore, openStore } from "../src/serve/open-store.ts"
import { type RunningNode, startNodeOn } from "../src/serve/start-node.ts"
import { agentFile } from "./serving.ts"

const parts = { clock: systemClock, random: systemRandom }

const stores = [
  ["the embedded engine", undefined],
  ["Redis", () => startRedis()],
] as const

describe.each(stores)("checkpoints and forks on %s", (_name, redisFor) => {
  let folder: string
  let redis: RedisServer | undefined
  let store: OpenedStore
  let node: RunningNode
  /** On the same store, without graphs. */
  let gateway: RunningNode
  const clients: { close(): void }[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "everthread-forks-"))
    redis = await redisFor?.()
    const flags = {
      port: "0",
      data: join(folder, "data"),
      graph: ["recall", "diary"].map((name) => `${name}=${agentFile(name)}:graph`),
      "drain-timeout": "1",
      ...(redis ? { redis: redis.url } : {}),
    }
    const { config } = loadConfig({ env: {}, flags })
    const log = createLog({ config: { ...config.logging, level: "error" }, ...quiet })
    store = await openStore(config, { ...parts, log })
    const source = findAgents(config, folder)
    node = await startNodeOn(store, { config, source, log, ...parts })
    gateway = await startNodeOn(store, { config: { ...config, role: "gateway" }, source, log, ...parts })
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await Promise.all([node.stop(), gateway.stop()])
    await store.close()
    await redis?.stop()
    rmSync(folder, { recursive: true })
  })

  function connect(user: string, on = node) {
    const url = `ws://127.0.0.1:${on.port}/v1`
    const client = createClient({ url, user, device: "laptop", socket: socketsOf(WebSocket) })
    clients.push(client)
    return client
  }

  /** A conversation in which these things were said, each answered before the next. */
  async function talk(...texts: string[]) {
    return talkTo("recall", ...texts)
  }

  async function talkTo(agent: string, ...texts: string[]) {
    const client = connect("ada")
    const { conversation: id } = await client.create({ title: "Plans", agent, members: ["bob"] })
    const conversation = client.conversation(id)
    for (const text of texts) await say(conversation, text)
    return { client, conversation }
  }

  test("[HIS1] the checkpoints are listed newest first, with what they follow, what comes next and their place in the log", async () => {
    const { conversation } = await talk("one", "two")
    const { checkpoints, more } = await conversation.checkpoints()
    expect(more).toBe(false)
    expect(checkpoints.map(({ step, next }) => [step, next])).toEqual([
      [6, []],
      [5, ["recall"]],
      [4, ["listen"]],
      [3, ["__start__"]],
      [2, []],
      [1, ["recall"]],
      [0, ["listen"]],
      [-1, ["__start__"]],
    ])
    expect(checkpoints.map(({ parent }) => parent)).toEqual([
      ...checkpoints.slice(1).map((each) => each.checkpoint),
      undefined,
    ])
    const seqs = checkpoints.map(({ seq = 0 }) => seq)
    expect(seqs).toEqual([...seqs].sort((a, b) => b - a))
    expect(seqs.every((seq) => seq > 0)).toBe(true)
    expect(checkpoints.every(({ seq, cursor }) => cursor?.startsWith(`${seq}-`))).toBe(true)
    const { state } = conversation.snapshot()
    expect([...new Set(checkpoints.map(({ run }) => run))]).toEqual(state.runs.map(({ id }) => id).reverse())

    const first = await conversation.checkpoints({ limit: 3 })
    expect([first.checkpoints, first.more]).toEqual([checkpoints.slice(0, 3), true])
    const rest = await conversation.checkpoints({ before: first.checkpoints[2]?.checkpoint ?? "" })
    expect([rest.checkpoints, rest.more]).toEqual([checkpoints.slice(3), false])
  })

  test("[HIS1] [HIS2] a node without graphs lists and shows the same; who is no member sees nothing", async () => {
    const { conversation } = await talk("one")
    const listed = await conversation.checkpoints()
    const elsewhere = connect("bob", gateway).conversation(conversation.id)
    expect(await elsewhere.checkpoints()).toEqual(listed)
    const [newest] = listed.checkpoints
    const id = newest?.checkpoint ?? ""
    const shown = await conversation.checkpoint(id)
    expect(shown).toEqual({
      conversation: conversation.id,
      checkpoint: newest,
      values: {
        messages: [
          expect.objectContaining({ type: "human", content: "one", id: conversation.snapshot().state.messages[0]?.id }),
          expect.objectContaining({ type: "ai", content: "I know: one", id: expect.any(String) }),
        ],
      },
    })
    expect(await elsewhere.checkpoint(id)).toEqual(shown)

    const stranger = connect("eve").conversation(conversation.id)
    for (const asked of [stranger.checkpoints(), stranger.checkpoint(id), stranger.fork({ checkpoint: id })])
      expect(await refusal(asked)).toBe("not_member")
    expect(await refusal(conversation.checkpoint("nowhere"))).toBe("not_found")
    expect(await refusal(conversation.fork({ checkpoint: "nowhere" }))).toBe("not_found")
    expect((await conversation.checkpoints({ agent: "somebody" })).checkpoints).toEqual([])
  })

  test("[HIS3] [HIS5] two forks from one checkpoint go their own ways, and the original goes on as if nothing had been", async () => {
    const { client, conversation } = await talk("one", "two")
    const { checkpoints } = await conversation.checkpoints()
    const after = checkpoints.find(({ step }) => step === 2)
    const forked = [
      await conversation.fork({ checkpoint: after?.checkpoint ?? "" }),
      await conversation.fork({ checkpoint: after?.checkpoint ?? "", title: "Other plans", members: ["eve"] }),
    ]
    const forks = forked.map((each) => client.conversation(each.conversation))
    for (const [index, fork] of forks.entries()) await say(fork, `fork ${index}`)
    await say(conversation, "three")

    expect(forks.map((fork) => said(fork))).toEqual([
      ["one", "I know: one", "fork 0", "I know: one, fork 0"],
      ["one", "I know: one", "fork 1", "I know: one, fork 1"],
    ])
    expect(said(conversation).at(-1)).toBe("I know: one, two, three")
    const [first, second] = forks.map((fork) => fork.snapshot().state)
    expect([first?.title, second?.title, first?.agent]).toEqual(["Plans", "Other plans", "recall"])
    expect([first?.members, second?.members]).toEqual([{ ada: "owner" }, { ada: "owner", eve: "member" }])
    expect(first?.from).toMatchObject({ conversation: conversation.id, seq: after?.seq })
    const ids = (each: Conversation) =>
      each
        .snapshot()
        .state.messages.slice(0, 2)
        .map(({ id }) => id)
    for (const fork of forks) expect(ids(fork)).toEqual(ids(conversation))
    const values = await newestValues(forks[0] as Conversation)
    expect(values.map(({ content }) => content)).toEqual(["one", "I know: one", "fork 0", "I know: one, fork 0"])
  })

  test("[HIS1] [HIS3] a fork's checkpoints begin with the one that it was forked from, from which it can be forked again", async () => {
    const { client, conversation } = await talk("one", "two")
    const [newest] = (await conversation.checkpoints()).checkpoints
    const fork = client.conversation((await conversation.fork()).conversation)
    await say(fork, "three")
    const listed = await fork.checkpoints()
    const begins = listed.checkpoints.at(-1)
    expect([listed.checkpoints.length, listed.more, begins?.checkpoint]).toEqual([5, false, newest?.checkpoint])
    expect([begins?.run, begins?.seq]).toEqual([undefined, fork.snapshot().state.from?.thread?.upTo])
    const again = client.conversation((await fork.fork({ checkpoint: begins?.checkpoint ?? "" })).conversation)
    await say(again, "four")
    expect(said(again).slice(-2)).toEqual(["four", "I know: one, two, four"])
    expect(again.snapshot().state.messages).toHaveLength(6)
    const older = (await conversation.checkpoints()).checkpoints.at(-1)?.checkpoint ?? ""
    expect(await refusal(fork.fork({ checkpoint: older }))).toBe("not_found")
  })

  test("[HIS3] [HIS5] a fork in the middle of a turn stands at its checkpoint, and the next message begins a new turn", async () => {
    const { client, conversation } = await talk("one")
    await conversation.send("ask")
    await until(conversation, ({ state }) => state.interrupts.length > 0)
    const people = await connect("bob").conversation(conversation.id).send("between us")
    await until(conversation, ({ state }) => state.seq >= people.seq)
    const { checkpoints } = await conversation.checkpoints()
    expect(checkpoints[0]?.next).toEqual(["listen"])
    const fork = client.conversation((await conversation.fork()).conversation)
    await until(fork, (view) => view.status === "live")
    expect([fork.snapshot().state.interrupts, fork.snapshot().state.runs]).toEqual([[], []])
    await say(fork, "go on")
    expect(said(fork).slice(-1)).toEqual(["I know: one, ask, between us, go on"])
    expect(conversation.snapshot().state.interrupts[0]?.answer).toBeUndefined()
  })

  test("[HIS2] [HIS3] a channel that stores only what changed is whole at every checkpoint and in every fork", async () => {
    const { client, conversation } = await talkTo("diary", "one", "two", "three")
    const { checkpoints } = await conversation.checkpoints()
    for (const [turn, diary] of [["one"], ["one", "two"], ["one", "two", "three"]].entries()) {
      const after = checkpoints.find(({ step }) => step === 4 * turn + 2)?.checkpoint ?? ""
      expect((await conversation.checkpoint(after)).values).toMatchObject({ diary })
      const fork = client.conversation((await conversation.fork({ checkpoint: after })).conversation)
      await say(fork, "four")
      expect(said(fork).at(-1)).toBe([...diary, "four"].join(", "))
    }
    await say(conversation, "four")
    expect(said(conversation).at(-1)).toBe("one, two, three, four")
  })

  test("[HIS4] [ACK3] a fork that is asked for twice is one, and another request under its key is refused", async () => {
    const { conversation } = await talk("one")
    const hello = { user: "ada", device: "phone" }
    const peers = await Promise.all([node, gateway].map(({ port }) => NativeClient.connect(port, hello)))
    const ask = { type: "fork", key: "again", conversation: conversation.id }
    const [first, second] = await Promise.all(peers.map((peer) => peer.must(ask)))
    expect(second?.["conversation"]).toBe(first?.["conversation"])
    expect([first?.["duplicate"], second?.["duplicate"]].sort()).toEqual([false, true])
    const late = await peers[0]?.must(ask)
    expect(late).toEqual({ ...first, duplicate: true })
    expect(await peers[0]?.refusal({ ...ask, title: "another" })).toMatchObject({ code: "key_reused" })
    for (const peer of peers) peer.cut()
  })

  test("[HIS4] a fork that was cut off between the thread and the conversation is finished by its repeat", async () => {
    const { client, conversation } = await talk("one")
    const create = store.engine.log.create
    let creations = 0
    const failing = async () => {
      creations += 1
      throw new Error("cut off")
    }
    Object.assign(store.engine.log, { create: failing })
    const forking = conversation.fork()
    await vi.waitFor(() => expect(creations).toBe(1))
    Object.assign(store.engine.log, { create })
    const fork = client.conversation((await forking).conversation)
    await say(fork, "two")
    expect(said(fork)).toEqual(["one", "I know: one", "two", "I know: one, two"])
  })

  test("[HIS3] what was taken back stays taken back, and a conversation of people alone is forked, too", async () => {
    const client = connect("ada")
    const { conversation: id } = await client.create({ members: ["bob"] })
    const conversation = client.conversation(id)
    const secret = await conversation.send("secret")
    await conversation.send("kept")
    await conversation.redact(secret.ref ?? "")
    const fork = client.conversation((await conversation.fork()).conversation)
    await until(fork, (view) => view.status === "live")
    const { messages, from } = fork.snapshot().state
    expect(messages.map(({ text, redacted }) => [text, redacted])).toEqual([
      ["", true],
      ["kept", undefined],
    ])
    expect(from?.thread).toBeUndefined()
    expect(await refusal(conversation.fork({ checkpoint: "x" }))).toBe("invalid_field")
    expect(await refusal(conversation.checkpoints())).toBe("invalid_field")
  })
})

const quiet = { terminal: { isTTY: false, write: () => true }, clock: systemClock, secrets: [] }

/** Resolves when it was said and answered. */
async function say(conversation: Conversation, text: string): Promise<void> {
  const { ref } = await conversation.send(text)
  await until(conversation, ({ state }) => state.runs.some((run) => run.message === ref && run.status === "completed"))
}

function until(conversation: Conversation, isIt: (view: ConversationView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isIt(conversation.snapshot())) return
      stop()
      resolve()
    }
    const stop = conversation.subscribe(look)
    look()
  })
}

const said = (conversation: Conversation) => conversation.snapshot().state.messages.map(textOf)

async function refusal(asked: Promise<unknown>): Promise<string | undefined> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof RequestError ? error.error.code : undefined
}

async function newestValues(conversation: Conversation): Promise<{ content?: Json }[]> {
  const [newest] = (await conversation.checkpoints({ limit: 1 })).checkpoints
  const { values } = await conversation.checkpoint(newest?.checkpoint ?? "")
  return (values as { messages: { content?: Json }[] }).messages
}
