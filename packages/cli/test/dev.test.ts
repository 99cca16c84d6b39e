/** `everthread dev` as people type it: real nodes, a real Redis, and files that change. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { type Chatting, chat, transcript } from "./chatting.ts"
import { type Developing, develop } from "./developing.ts"
import { ran } from "./fake-context.ts"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url))

let folder: string
let redis: RedisServer | undefined
const started: (Developing | Chatting)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-dev-test-"))
  symlinkSync(modules, join(folder, "node_modules"))
  writeFileSync(join(folder, "agent.mjs"), agent)
  say("one")
})
afterEach(async () => {
  for (const { child } of started) child.kill("SIGTERM")
  await Promise.all(started.splice(0).map(({ ended }) => ended))
  await redis?.stop()
  redis = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Says what another file says; asked to wait, not before there is a file that lets it. */
const agent = `
import { existsSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"
import { words } from "./words.mjs"

async function answer({ messages }) {
  while (messages.at(-1).text === "wait" && !existsSync("gate")) await sleep(20)
  return { messages: [new AIMessage(\`I say \${words}\`)] }
}
export const graph = new StateGraph(MessagesAnnotation).addNode("answer", answer).addEdge("__start__", "answer").compile()
`
const say = (words: string) =>
  writeFileSync(join(folder, "words.mjs"), `export const words = ${JSON.stringify(words)}\n`)
const breakIt = () => writeFileSync(join(folder, "words.mjs"), "export const words = \n")

function dev(args: readonly string[] = [], env: Record<string, string> = {}): Developing {
  const developing = develop(["--graph", "./agent.mjs:graph", ...args], folder, env)
  started.push(developing)
  return developing
}

async function comes(user: string, { ready }: Developing): Promise<Chatting> {
  const chatting = chat(["--url", (await ready).replace("http", "ws"), "--user", user, "--device", "pipe", "--plain"])
  started.push(chatting)
  await chatting.line((line) => line === "* live")
  return chatting
}

const ends = (text: string) => (line: string) => line.endsWith(text)

test("[DEV5] one node: a change in a file that the agent imports is in the next answer, at the same address", async () => {
  const developing = dev()
  const ada = await comes("ada", developing)
  ada.type("hello")
  await ada.line(ends("I say one"))
  say("two")
  await developing.said("words.mjs has changed")
  await developing.said("is live on port", 2)
  ada.type("hello again")
  await ada.line(ends("I say two"))
})

test("[DEV5] [DEV1] many nodes are restarted one after the other: a run goes on, and somebody is always there", async () => {
  redis = await startRedis()
  const developing = dev(["--nodes", "2", "--redis", redis.url])
  const ada = await comes("ada", developing)
  ada.type("wait")
  await ada.line(ends("ada/pipe: wait"))
  say("two")
  await developing.said("is live on port", 4)
  writeFileSync(join(folder, "gate"), "")
  await ada.line(ends("I say two"))
  expect(transcript(ada).filter((line) => line.includes("I say"))).toHaveLength(1)
  const changes = [...developing.all().matchAll(/^(node-\d) (starts|is live|hands)/gm)].map(
    ([, id, what]) => `${id} ${what}`,
  )
  expect(changes.slice(4)).toEqual([
    "node-1 hands",
    "node-1 starts",
    "node-1 is live",
    "node-2 hands",
    "node-2 starts",
    "node-2 is live",
  ])
})

test("[DEV5] a change that does not load takes one node away, and the next one that does brings it back", async () => {
  redis = await startRedis()
  const developing = dev(["--nodes", "2", "--redis", redis.url])
  const ada = await comes("ada", developing)
  breakIt()
  await developing.said("node-1 has ended by itself")
  expect(developing.all()).toContain("words.mjs")
  ada.type("are you there")
  await ada.line(ends("I say one"))
  expect(developing.all()).not.toContain("node-2 hands")
  say("three")
  await developing.said("is live on port", 4)
  ada.type("and now")
  await ada.line(ends("I say three"))
})

test("[DEV5] a node that somebody killed stays down when code changes, until it is started again", async () => {
  redis = await startRedis()
  const developing = dev(["--nodes", "2", "--redis", redis.url])
  const url = await developing.ready
  const token = (await fetch(url)).headers.get("everthread-dev") ?? ""
  const act = async (action: string) => {
    const headers = { "everthread-dev": token, origin: url }
    const answer = await fetch(`${url}/dev/nodes/node-1/${action}`, { method: "POST", headers })
    return { status: answer.status, nodes: ((await answer.json()) as { nodes?: object[] }).nodes }
  }
  expect(await act("kill")).toMatchObject({ status: 200, nodes: [{ state: "down", why: "killed" }, { state: "live" }] })
  expect(await act("pause")).toMatchObject({ status: 409 })
  say("two")
  await developing.said("is live on port", 3)
  expect(developing.all().split("node-1 starts")).toHaveLength(2)
  expect(await act("start")).toMatchObject({ status: 200, nodes: [{ state: "starting" }, { state: "live" }] })
  await developing.said("is live on port", 4)
})

test("[DEV6] killed itself, it leaves no node and no Redis of its own behind", async () => {
  const developing = dev(["--nodes", "2"])
  const url = await developing.ready
  expect(developing.all()).toContain(join(folder, "data", "redis"))
  const token = (await fetch(url)).headers.get("everthread-dev") ?? ""
  const cluster = await fetch(`${url}/dev/cluster`, { headers: { "everthread-dev": token } })
  const { nodes } = (await cluster.json()) as { nodes: { port: number }[] }
  expect(nodes).toHaveLength(2)
  developing.child.kill("SIGKILL")
  await developing.ended
  const answers = (port: number) =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => true,
      () => false,
    )
  await until(
    "both nodes to be gone",
    async () => !(await Promise.all(nodes.map(({ port }) => answers(port)))).includes(true),
  )
  // The data folder is free for the next one.
  const again = dev(["--nodes", "2"])
  const ada = await comes("ada", again)
  ada.type("hello")
  await ada.line(ends("I say one"))
})

test("[DEV6] Ctrl-C ends the nodes in good order, with the exit code of an interrupted command", async () => {
  const developing = dev()
  await developing.ready
  // Also in the middle of a restart.
  say("two")
  await developing.said("hands its runs over")
  developing.child.kill("SIGINT")
  expect(await developing.ended).toBe(130)
  expect(developing.all()).toContain("node-1 is down")
})

test("is not configured by what is set for another server, and says what is missing", async () => {
  const developing = dev([], { JWT_SECRET: "x".repeat(40), WEBSOCKET_PORT: "1", CONFIG_FILE: "nowhere.yaml" })
  expect(await (await fetch(await developing.ready, { headers: { accept: "application/json" } })).json()).toMatchObject(
    {
      token: false,
    },
  )
  const none = develop(["--nodes", "3"], folder, { PATH: "/nowhere" })
  started.push(none)
  expect(await none.ended).toBe(1)
  expect(none.all()).toContain("apt-get install redis-server")
})

test("its help teaches, in both languages, and flags that are wrong are explained", async () => {
  expect((await ran(["dev", "--help"])).out).toContain("npx everthread dev --nodes 3")
  expect((await ran(["dev", "--help"], { language: "zh" })).out).toContain("逐个重启")
  expect((await ran(["--help"])).out).not.toContain("dev-node")
  expect(await ran(["dev", "--nodes", "0"])).toMatchObject({ code: 2, err: expect.stringContaining("1 to 9") })
  expect(await ran(["dev", "--redis", "http://x"])).toMatchObject({ code: 2 })
  expect(await ran(["dev", "--graph", "./none.mjs:graph"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("none.mjs"),
  })
  const alone = spawnSync(process.execPath, [bin, "dev-node"], { encoding: "utf8", cwd: folder })
  expect(alone).toMatchObject({ status: 2, stderr: expect.stringContaining("npx everthread dev") })
})
