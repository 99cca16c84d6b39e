/** The three shipped configurations as three processes on a real Redis behind the shipped nginx.conf, and plain clients. */
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { type Serving, serve } from "../packages/cli/test/serving.ts"
import { type Frame, SimpleClient, texts } from "../packages/server/test/simple/support/simple-client.ts"
import { type RunningNginx, startNginx } from "./support/deploy/nginx.ts"
import { openOn, wsUrl } from "./support/deploy/through-nginx.ts"

const names = ["node-1", "node-2", "node-3"] as const
const fileOf = (name: string) => fileURLToPath(new URL(`../deploy/cluster/${name}.yaml`, import.meta.url))
const room = { conversation_id: "hall" }
const contents = (frames: readonly Frame[]) => texts(frames).map((frame) => frame["content"])

let redis: RedisServer
let nodes: Serving[]
let nginx: RunningNginx
beforeAll(async () => {
  redis = await startRedis()
  // Only the port and the Redis differ from what is shipped: those of a test are whichever are free.
  nodes = names.map((name) => serve(["--config", fileOf(name)], { REDIS_URL: redis.url }))
  const ports = (await Promise.all(nodes.map(({ ready }) => ready))).map((url) => Number(new URL(url).port))
  const [first = 0, second = 0, third = 0] = ports
  nginx = await startNginx({ nodes: [first, second, third] })
})
afterAll(async () => {
  await nginx?.stop()
  for (const { child } of nodes ?? []) child.kill("SIGKILL")
  await redis?.stop()
})

test("[NOD1] [SIM2] [SIM3] plain clients behind nginx see one log, and one whose node is killed comes back to it on another", async () => {
  const opened = await Promise.all(names.map((name) => openOn(nginx.port, name)))
  const [ada, bob, eve] = opened.map(({ client }) => client) as [SimpleClient, SimpleClient, SimpleClient]
  const greeting = await ada.hello("ada", "phone", room)
  const others = [await bob.hello("bob", "phone", room), await eve.hello("eve", "phone", room)]
  expect([greeting, ...others].map((hello) => hello["server_id"])).toEqual(names)

  await bob.text("from bob", "1")
  await eve.text("from eve", "2")
  await ada.next((frame) => frame["content"] === "from eve")
  expect(contents(ada.frames)).toEqual(["from bob", "from eve"])

  nodes[0]?.child.kill("SIGKILL")
  await ada.closed
  for (const n of [3, 4, 5]) await bob.text(`while ada is away ${n}`, `${n}`)
  const back = await until("nginx to know that the node is gone", () => reopened(wsUrl(nginx.port, "/ws")))
  const again = await back.hello("ada", "phone", room)
  expect(again).toMatchObject({ recovered: true, session_id: greeting["session_id"] })
  expect(again["server_id"]).not.toBe("node-1")
  await eve.text("the last one", "6")
  await back.next((frame) => frame["content"] === "the last one")
  // What ada had received is known from pongs, and the node died before it could ask: those two may come again.
  const shown = contents(back.frames).filter((content) => !String(content).startsWith("from"))
  expect(shown).toEqual(["while ada is away 3", "while ada is away 4", "while ada is away 5", "the last one"])
  const { messages } = (await back.command("history")) as unknown as { messages: Frame[] }
  expect(messages.map(({ seq }) => seq)).toEqual(
    [...messages].map(({ seq }) => seq).sort((a, b) => Number(a) - Number(b)),
  )
  expect(messages.map(({ content }) => content)).toEqual(["from bob", "from eve", ...shown])
  await Promise.all([back, bob, eve].map((client) => client.close()))
})

test("[CON4] the others leave in good order", async () => {
  for (const { child, ended } of nodes.slice(1)) {
    child.kill("SIGTERM")
    expect(await ended).toBe(0)
  }
  const [killed] = nodes
  if (killed && killed.child.exitCode === null && killed.child.signalCode === null) await once(killed.child, "exit")
})

/** @returns nothing where the way still led to the dead node. */
const reopened = (url: string): Promise<SimpleClient | undefined> => SimpleClient.open(url).catch(() => undefined)
