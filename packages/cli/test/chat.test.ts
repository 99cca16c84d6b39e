/** Terminals in one conversation: real processes on a real server. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@everthread/protocol"
import { mintToken } from "@everthread/server/auth"
import { type Chatting, chat, transcript } from "./chatting.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

const echo = ["--graph", `${agentFile("echo")}:graph`]

/** The server that all tests speak with which do not end theirs; each in a conversation of its own. */
let shared: Serving
let sharedFolder: string
let address: string
let folder: string
let conversation: string
const chats: Chatting[] = []
/** Those that a test starts for itself. */
const servers: Serving[] = []

beforeAll(async () => {
  sharedFolder = mkdtempSync(join(tmpdir(), "everthread-chat-shared-"))
  shared = serve(["--data", join(sharedFolder, "data"), ...echo], {}, sharedFolder)
  address = await shared.ready
})
beforeEach(({ task }) => {
  folder = mkdtempSync(join(tmpdir(), "everthread-chat-"))
  conversation = task.id
})
afterEach(async () => {
  await end([...servers.splice(0), ...chats.splice(0)])
  rmSync(folder, { recursive: true })
})
afterAll(async () => {
  await end([shared])
  rmSync(sharedFolder, { recursive: true })
})

async function end(children: readonly (Serving | Chatting)[]): Promise<void> {
  for (const { child } of children) child.kill("SIGKILL")
  await Promise.all(children.map(({ ended }) => ended))
}

function comes(user: string, ...args: string[]): Chatting {
  const place = ["--url", address, "--conversation", conversation]
  const chatting = chat([...place, "--user", user, "--device", "pipe", "--plain", ...args])
  chats.push(chatting)
  return chatting
}

/** A server of the test's own, with the data of those that it had before. */
function own(args: readonly string[], env: Record<string, string> = {}): Serving {
  const serving = serve(["--data", join(folder, "data"), ...args], env, folder)
  servers.push(serving)
  return serving
}

const ends = (text: string) => (line: string) => line.endsWith(text)
/** Without their places in the log. */
const wordsOf = (chatting: Chatting) => transcript(chatting).map((line) => line.replace(/^\[\d+\] /, ""))
const live = (line: string) => line === "* live"

test("[LOG1] three people in three terminals see the same conversation, whenever they came", async () => {
  const ada = comes("ada")
  await ada.line(live)
  ada.type("hello")
  await ada.line(ends("ada/pipe: hello"))
  const bob = comes("bob")
  await bob.line(ends("ada/pipe: hello"))
  bob.type("你好 👋")
  await ada.line(ends("bob/pipe: 你好 👋"))
  const eve = comes("eve")
  await eve.line(ends("bob/pipe: 你好 👋"))
  eve.type("two\tthree \u001b[31mred")
  const all = [ada, bob, eve]
  // Three messages, and the agent's three answers.
  for (const each of all) await each.line(() => transcript(each).length === 6)
  for (const each of all) each.hangUp()
  expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0])
  expect(transcript(bob)).toEqual(transcript(ada))
  expect(transcript(eve)).toEqual(transcript(ada))
  // What others write must not command this terminal.
  expect(ada.lines().join("")).not.toContain("\u001b")
})

test("[SUB2] [ACK3] a connection that is cut again and again loses nothing and doubles nothing", async () => {
  const ada = comes("ada")
  const bob = comes("bob")
  await Promise.all([ada.line(live), bob.line(live)])
  for (let i = 0; i < 5; i++) {
    ada.type(`message ${i}`)
    ada.type("/drop")
    bob.type("/drop")
    await bob.line(ends(`ada/pipe: message ${i}`))
  }
  for (const each of [ada, bob]) await each.line(() => transcript(each).length === 10)
  ada.hangUp()
  bob.hangUp()
  expect(await Promise.all([ada.ended, bob.ended])).toEqual([0, 0])
  expect(transcript(ada)).toEqual(transcript(bob))
  expect(wordsOf(bob).filter((line) => line.startsWith("ada"))).toEqual(
    Array.from({ length: 5 }, (_, i) => `ada/pipe: message ${i}`),
  )
})

test("an agent's answer is one line on every terminal; a script gets it before it ends", async () => {
  const bob = comes("bob")
  await bob.line(live)
  const ada = comes("ada", "--agent", "agent")
  ada.type("ping")
  ada.hangUp()
  expect(await ada.ended).toBe(0)
  expect(wordsOf(ada)).toEqual(["ada/pipe: ping", "agent: You said: ping"])
  await bob.line(ends("agent: You said: ping"))
})

test("[LOG1] who writes while an answer streams comes before it, also for who comes late", async () => {
  const demo = ["--url", await own([]).ready]
  const watcher = comes("eve", "--json", ...demo)
  const ada = comes("ada", ...demo)
  const bob = comes("bob", ...demo)
  await Promise.all([ada.line(live), bob.line(live), watcher.line((line) => line.includes('"status":"live"'))])
  ada.type("tell me a story")
  await watcher.line((line) => line.includes('"type":"delta"'))
  bob.type("hurry up")
  for (const each of [ada, bob]) await each.line(() => transcript(each).length === 4)
  const late = comes("zoe", ...demo)
  await late.line(() => transcript(late).length === 4)
  expect(wordsOf(late).slice(0, 2)).toEqual(["ada/pipe: tell me a story", "bob/pipe: hurry up"])
  expect(wordsOf(late)[2]).toContain("This story comes from")
  for (const each of [ada, bob]) expect(transcript(each)).toEqual(transcript(late))
  const places = transcript(late).map((line) => Number(/^\[(\d+)\]/.exec(line)?.[1]))
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

test("a script that finds no server ends with 1 and says what to do", async () => {
  const gone = own(echo)
  const url = await gone.ready
  await end([gone])
  const ada = comes("ada", "--url", url, "--wait", "1")
  ada.type("hello")
  ada.hangUp()
  expect(await ada.ended).toBe(1)
  expect(ada.errors()).toBe(
    `Nothing answered at ${url}/v1 within 1 s.\nStart a server with: npx everthread serve. Wait longer with --wait SECONDS.\n`,
  )
  expect(ada.lines().filter((line) => line.includes("npx everthread serve"))).toHaveLength(1)
})

test("[AUT2] a token that expires ends a script with 1, in plain words", async () => {
  const secret = "0123456789abcdef0123456789abcdef"
  const url = await own([...echo, "--auth-clock-tolerance", "0"], { JWT_SECRET: secret }).ready
  const request = { user: "ada", secret, ttlMs: 6_000, audience: undefined, issuer: undefined }
  const token = await mintToken(request, systemClock)
  const ada = comes("ada", "--url", url, "--token", token)
  await ada.line(live)
  expect(await ada.ended).toBe(1)
  expect(ada.errors()).toMatch(/^The server does not accept the token: .*expired/)
  const nameless = comes("ada", "--url", url)
  expect(await nameless.ended).toBe(1)
  expect(nameless.errors()).toContain("The server asks for a token.")
})

test("a token where none is taken: that is said once, and how to say who one is", async () => {
  const ada = chat(["--url", address, "--token", "abc", "--plain"])
  chats.push(ada)
  expect(await ada.ended).toBe(1)
  expect(ada.lines()).toEqual(["* connecting"])
  expect(ada.errors()).toBe(
    "This server takes no tokens, because its authentication is off. Say who you are: user is missing.\n" +
      "Where authentication is off, say who you are with: --user NAME\n",
  )
})

test("/history says where it begins only where it has shown the beginning", async () => {
  const ada = comes("ada")
  await ada.line(live)
  ada.type("/history")
  await ada.line(ends("nothing older"))
  ada.type("/quit")
  expect(await ada.ended).toBe(0)
})

test("an agent that nobody serves is a clear failure", async () => {
  const ada = comes("ada", "--agent", "nobody")
  expect(await ada.ended).toBe(1)
  expect(ada.errors()).toContain('no agent "nobody"')
})

test("an agent that is not served any more: the message is refused once, and whom to speak to is said", async () => {
  const before = own(echo)
  const first = comes("ada", "--url", await before.ready)
  await first.line(live)
  await end([before])
  const ada = comes("ada", "--url", await own(["--graph", `critic=${agentFile("echo")}:graph`]).ready)
  await ada.line(live)
  ada.type("hello")
  await ada.line((line) =>
    line.startsWith('* not sent: hello (This deployment has no agent "agent"; it serves critic.'),
  )
  await ada.line((line) => line.includes("@critic"))
  ada.type("@critic hello")
  await ada.line((line) => /critic: .*hello/.test(line))
})

test("commands answer, and a wrong one says so", async () => {
  const ada = comes("ada")
  await ada.line(live)
  ada.type("/invite bob")
  await ada.line(ends("bob is a member now"))
  ada.type("/members")
  await ada.line(ends("ada (owner): pipe"))
  ada.type("/approve")
  await ada.line(ends("nothing waits for an answer"))
  ada.type("/nonsense")
  await ada.line((line) => line.includes("no /nonsense"))
  ada.type("/quit")
  expect(await ada.ended).toBe(0)
})

test("survives the server: what is typed meanwhile is stored by the next one", async () => {
  const before = own(echo)
  const url = await before.ready
  const ada = comes("ada", "--url", url)
  await ada.line(live)
  await end([before])
  await ada.line((line) => line.startsWith("* offline"))
  ada.type("are you there")
  own([...echo, "--port", new URL(url).port])
  await ada.line(ends("ada/pipe: are you there"))
  ada.hangUp()
  expect(await ada.ended).toBe(0)
})

test("--json prints every event as an object", async () => {
  const ada = comes("ada", "--json")
  ada.type("hello")
  ada.hangUp()
  expect(await ada.ended).toBe(0)
  const objects = ada.lines().map((line) => JSON.parse(line) as { type: string; text?: string })
  expect(objects).toContainEqual(expect.objectContaining({ type: "message", text: "hello" }))
  expect(objects).toContainEqual({ type: "status", status: "live" })
})
