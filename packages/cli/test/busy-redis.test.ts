/** A message to an agent that works on another node, and that node dies: two real nodes on a real Redis. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RedisServer, startRedis } from "@everthread/stage"
import { type Chatting, chat, transcript } from "./chatting.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
let redis: RedisServer
const started: (Serving | Chatting)[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "everthread-busy-redis-"))
  redis = await startRedis()
})
afterEach(async () => {
  for (const { child } of started) child.kill("SIGKILL")
  await Promise.all(started.splice(0).map(({ ended }) => ended))
  await redis.stop()
  rmSync(folder, { recursive: true })
})

function node(name: string): Serving {
  const args = ["--graph", `${agentFile("looks")}:graph`, "--redis", redis.url, "--redis-durability", "memory"]
  const serving = serve(args, { GATE: join(folder, "gate"), SERVER_ID: name }, folder)
  started.push(serving)
  return serving
}

async function comes(user: string, serving: Serving): Promise<Chatting> {
  const chatting = chat(["--url", await serving.ready, "--user", user, "--device", "pipe", "--plain"])
  started.push(chatting)
  await chatting.line((line) => line === "* live")
  return chatting
}

const ends = (text: string) => (line: string) => line.endsWith(text)
const openGate = () => writeFileSync(join(folder, "gate"), "")

test("[QUE5] [NOD1] what is said on another node is taken in where the agent works", async () => {
  const one = node("one")
  const ada = await comes("ada", one)
  ada.type("look here")
  await ada.line(ends("calls look {}"))
  const bob = await comes("bob", node("two"))
  bob.type("/send steer and there")
  await ada.line(ends("bob/pipe: and there"))
  openGate()
  for (const each of [ada, bob]) await each.line(ends("told: look here, and there"))
})

test("[QUE5] [RUN3] the node on which the agent works is killed before it has taken the message in: the other one does", async () => {
  const one = node("one")
  const ada = await comes("ada", one)
  ada.type("look here")
  await ada.line(ends("calls look {}"))
  const bob = await comes("bob", node("two"))
  bob.type("/send steer and there")
  await bob.line(ends("bob/pipe: and there"))
  one.child.kill("SIGKILL")
  await one.ended
  openGate()
  await bob.line(ends("told: look here, and there"))
  await bob.line(ends("takes in what was said meanwhile"))
  expect(transcript(bob).filter((line) => line.includes("told:"))).toHaveLength(1)
})
