/** A script that writes while the agent waits for somebody's answer: real terminals on a real server. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Chatting, chat } from "./chatting.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
let serving: Serving
let address: string
const chats: Chatting[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "everthread-standing-"))
  const env = { RECEIPTS: join(folder, "receipts"), EXPIRES_MS: "3600000" }
  serving = serve(["--data", join(folder, "data"), "--graph", agentFile("asks")], env, folder)
  address = await serving.ready
})
afterEach(async () => {
  const children = [serving, ...chats.splice(0)]
  for (const { child } of children) child.kill("SIGKILL")
  await Promise.all(children.map(({ ended }) => ended))
  rmSync(folder, { recursive: true })
})

function comes(user: string, ...args: string[]): Chatting {
  const chatting = chat(["--url", address, "--user", user, "--device", "pipe", "--plain", ...args])
  chats.push(chatting)
  return chatting
}

const question = "* queued behind a question that ada has to answer; answer with /answer 1"

/** Ada has asked for something, and the agent asks her back. */
async function asked(): Promise<Chatting> {
  const ada = comes("ada")
  ada.type("book")
  await ada.line((line) => line === "* answer with /answer 1")
  return ada
}

test("a script learns what it waits for, goes on when that is answered, and ends with 0", async () => {
  const ada = await asked()
  const bob = comes("bob")
  bob.type("and me")
  bob.hangUp()
  await bob.line((line) => line === question)
  const eve = comes("eve")
  eve.type("and me, too")
  await eve.line((line) => line === question)
  ada.type("/answer 4")
  // The agent asks bob next, which is all that his script can have.
  expect(await bob.ended).toBe(0)
  expect(bob.lines().filter((line) => line === question)).toHaveLength(1)
  await eve.line((line) => line.startsWith("* queued behind a question that bob has to answer"))
})

test("with --timeout it ends with a code of its own, and what it said is answered all the same", async () => {
  const ada = await asked()
  const bob = comes("bob", "--timeout", "1")
  bob.type("and me")
  bob.hangUp()
  expect(await bob.ended).toBe(3)
  expect(bob.lines()).toContain(question)
  expect(bob.errors()).toBe(
    "Not everything was answered within 1 s.\nWhat was said is stored, and is answered when its turn comes.\n",
  )
  ada.type("/answer 4")
  await ada.line((line) => line.includes("receipt 7, people 4"))
})
