/** Answers that are given anew, with a real graph over real sockets, on both stores. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Conversation, type ConversationView, createClient, socketsOf } from "@everthread/client"
import { type Json, systemClock, systemRandom, textOf } from "@everthread/protocol"
import { loadConfig } from "@everthread/server/config"
import { createLog } from "@everthread/server/logging"
import { type RedisServer, startRedis } from "@everthread/stage"
import { WebSocket } from "ws"
import { findAgents } from "../src/serve/agent-source.ts"
import { type RunningNode, startNode } from "../src/serve/start-node.ts"
import { agentFile } from "./serving.ts"

const parts = { clock: systemClock, random: systemRandom }
const stores = [
  ["the embedded engine", undefined],
  ["Redis", () => startRedis()],
] as const

describe.each(stores)("an answer anew on %s", (_name, redisFor) => {
  let folder: string
  let redis: RedisServer | undefined
  let node: RunningNode
  const clients: { close(): void }[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "everthread-anew-"))
    redis = await redisFor?.()
    const flags = {
      port: "0",
      data: join(folder, "data"),
      graph: [`recall=${agentFile("recall")}:graph`],
      "drain-timeout": "1",
      ...(redis ? { redis: redis.url } : {}),
    }
    const { config } = loadConfig({ env: {}, flags })
    const log = createLog({ config: { ...config.logging, level: "error" }, ...quiet })
    node = await startNode({ config, source: findAgents(config, folder), log, ...parts })
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await node.stop()
    await redis?.stop()
    rmSync(folder, { recursive: true })
  })

  function connect(device: string) {
    const url = `ws://127.0.0.1:${node.port}/v1`
    const client = createClient({ url, user: "ada", device, socket: socketsOf(WebSocket) })
    clients.push(client)
    return client
  }

  async function talk(...texts: string[]): Promise<Conversation> {
    const client = connect("laptop")
    const { conversation: id } = await client.create({ agent: "recall" })
    const conversation = client.conversation(id)
    for (const text of texts) {
      const { ref } = await conversation.send(text)
      await until(conversation, ({ state }) =>
        state.runs.some((run) => run.message === ref && run.status === "completed"),
      )
    }
    return conversation
  }

  async function anew(conversation: Conversation): Promise<void> {
    const { ref } = await conversation.regenerate(conversation.snapshot().state.runs.at(-1)?.id ?? "")
    await until(conversation, ({ state }) => state.runs.some((run) => run.id === ref && run.status === "completed"))
  }

  /** What the graph has in its thread now. */
  async function known(conversation: Conversation): Promise<number> {
    const { checkpoints } = await conversation.checkpoints({ limit: 1 })
    const { values } = await conversation.checkpoint(checkpoints[0]?.checkpoint ?? "")
    return (values as { messages: Json[] }).messages.length
  }

  test("[RUN9] it stands in the place of the first, on every device and in the agent's thread", async () => {
    const conversation = await talk("one", "two")
    const phone = connect("phone").conversation(conversation.id)
    await until(phone, ({ messages }) => messages.length === 4)
    await anew(conversation)
    expect(said(conversation)).toEqual(["one", "I know: one", "two", "I know: one, two"])
    expect(await known(conversation)).toBe(4)
    await until(phone, ({ cursor }) => cursor === conversation.snapshot().cursor)
    expect(phone.snapshot().messages).toEqual(conversation.snapshot().messages)
  })

  test("[RUN9] a message that was edited before is answered as it is then", async () => {
    const conversation = await talk("one", "tow")
    const own = conversation.snapshot().messages.find(({ text }) => text === "tow")
    void conversation.edit(own?.id ?? "", "two")
    await anew(conversation)
    await anew(conversation)
    expect(said(conversation)).toEqual(["one", "I know: one", "two", "I know: one, two"])
    const { conversation: fork } = await conversation.fork()
    expect(await known(conversation)).toBe(4)
    const forked = connect("tablet").conversation(fork)
    await until(forked, ({ status }) => status === "live")
    expect(said(forked)).toEqual(said(conversation))
  })

  test("[RUN9] the first answer of all is forgotten, too", async () => {
    const conversation = await talk("one")
    await anew(conversation)
    expect(await known(conversation)).toBe(2)
  })
})

const quiet = { terminal: { isTTY: false, write: () => true }, clock: systemClock, secrets: [] }

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

const said = (conversation: Conversation) => conversation.snapshot().messages.map(textOf)
