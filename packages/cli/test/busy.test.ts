/** Two people and an agent that is at work: real terminals on a real server, whose worker drives a real graph. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Chatting, chat, transcript } from "./chatting.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
let serving: Serving
let address: string
const chats: Chatting[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "everthread-busy-"))
  const graph = `${agentFile("looks")}:graph`
  serving = serve(["--data", join(folder, "data"), "--graph", graph], { GATE: join(folder, "gate") }, folder)
  address = await serving.ready
})
afterEach(async () => {
  const children = [serving, ...chats.splice(0)]
  for (const { child } of children) child.kill("SIGKILL")
  await Promise.all(children.map(({ ended }) => ended))
  rmSync(folder, { recursive: true })
})

async function comes(user: string): Promise<Chatting> {
  const chatting = chat(["--url", address, "--user", user, "--device", "pipe", "--plain"])
  chats.push(chatting)
  await chatting.line((line) => line === "* live")
  return chatting
}

/** Both in the lobby, where the agent is in the middle of a tool that ends when the gate is open. */
async function atWork() {
  const ada = await comes("ada")
  const bob = await comes("bob")
  ada.type("look here")
  await bob.line(ends("calls look {}"))
  const openGate = () => writeFileSync(join(folder, "gate"), "")
  return { ada, bob, both: [ada, bob], openGate }
}

const ends = (text: string) => (line: string) => line.endsWith(text)
const all = (chatting: readonly Chatting[], text: string) => Promise.all(chatting.map((each) => each.line(ends(text))))
/** What was said, without places in the log. */
const wordsOf = (chatting: Chatting) => transcript(chatting).map((line) => line.replace(/^\[\d+\] /, ""))

/** Asks until that is what it shows: what was done a moment ago may still be on its way. */
async function shows(chatting: Chatting, command: string, line: (line: string) => boolean): Promise<void> {
  while (!chatting.lines().some(line)) {
    const before = chatting.lines().length
    chatting.type(command)
    await chatting.line(() => chatting.lines().length > before)
  }
}

test("[QUE5] one says more while the agent uses a tool: it answers both together, and both terminals show it once", async () => {
  const { both, bob, openGate } = await atWork()
  bob.type("/send steer and  there")
  await all(both, "bob/pipe: and  there")
  openGate()
  await all(both, "told: look here, and  there")
  await all(both, "takes in what was said meanwhile")
  for (const each of both) expect(wordsOf(each).filter((line) => line.includes("told:"))).toHaveLength(1)
})

test("[QUE1] [QUE6] anybody sees the queue, takes one out and has another one be next", async () => {
  const { ada, bob, both, openGate } = await atWork()
  for (const text of ["two", "three", "four"]) {
    bob.type(text)
    await all(both, `bob/pipe: ${text}`)
  }
  await bob.line(ends("queued, 3 before you"))
  ada.type("/queue")
  await ada.line(ends("is at work on: look here"))
  await ada.line(ends("3. bob: four"))
  ada.type("/cancel 1")
  await all(both, "taken out of the queue: two")
  bob.type("/promote 2")
  await shows(bob, "/queue", ends("1. bob: four"))
  openGate()
  await all(both, "told: three")
  const told = [": told: look here", ": told: four", ": told: three"]
  for (const each of both) {
    const answers = wordsOf(each).filter((line) => line.includes("told:"))
    expect(answers.map((line) => line.slice(line.indexOf(": told")))).toEqual(told)
  }
})

test("[QUE4] one interrupts: what the agent did is stopped, and what was said instead is answered", async () => {
  const { both, bob } = await atWork()
  bob.type("/send interrupt never mind")
  await all(both, "was stopped")
  await all(both, "told: look here, never mind")
})

test("[QUE2] [QUE3] the owner has messages refused while the agent is at work; the one who wrote learns why", async () => {
  const { ada, bob, both, openGate } = await atWork()
  bob.type("/busy reject")
  await bob.line(ends("Only an owner may change the conversation."))
  ada.type("/busy reject")
  await shows(bob, "/busy", (line) => line.includes("while an agent is at work: reject"))
  bob.type("me too")
  await bob.line((line) => line.startsWith("* not sent: me too (") && line.includes("is at work here"))
  openGate()
  await all(both, "told: look here")
  expect(wordsOf(ada).filter((line) => line.includes("me too"))).toEqual([])
})
