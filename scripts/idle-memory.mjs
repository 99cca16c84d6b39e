/**
 * Measures what an idle connection costs the server in memory: npm run build && node scripts/idle-memory.mjs
 *
 *   --connections 5000   how many to open
 *   --conversations 500  how many conversations they follow, one each
 *
 * The server and the clients are processes of their own, so that only the server is measured. Each case has a
 * server of its own, because memory that was once used is not always given back. Resident memory is read after
 * garbage collection; what the kernel keeps for a socket is not in it.
 *
 * What a process makes once (compiled code, the heap's young generation) is made by connections that come and go
 * before the first look; what each costs with that included is printed as well.
 */
import { execFileSync, fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "5000" },
    conversations: { type: "string", default: "500" },
    part: { type: "string" },
  },
})
const count = Number(values.connections)
const conversations = Number(values.conversations)
const kibibyte = 1_024
/** Descriptors beside the connections: the store, pipes, libraries. */
const spareDescriptors = 100

// The parent: starts the others and does the arithmetic.

async function measure() {
  checkDescriptors()
  for (const subscribes of [false, true]) {
    const server = start("server", ["--expose-gc"])
    const { port, folder } = await heard(server, "listening")
    const cold = await ask(server, { isEmpty: true }, "measured")
    await (await connected({ port, subscribes, until: Math.floor(count / 4) })).leave()
    const empty = await ask(server, { isEmpty: true }, "measured")
    const clients = await connected({ port, subscribes, until: count })
    const full = await ask(server, { isEmpty: false }, "measured")
    report(subscribes ? "hello and one subscription" : "hello only", { cold, empty, full })
    await clients.leave()
    server.kill()
    await ended(server)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function connected(task) {
  const clients = start("clients")
  await ask(clients, task, "connected")
  const leave = () => {
    clients.kill()
    return ended(clients)
  }
  return { leave }
}

function checkDescriptors() {
  const allowed = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim()
  if (allowed === "unlimited" || Number(allowed) >= count + spareDescriptors) return
  console.error(`This needs ${count + spareDescriptors} open files, and ${allowed} are allowed. Run: ulimit -n 20000`)
  process.exit(1)
}

function report(what, { cold, empty, full }) {
  const each = (before, name) => `${((full[name] - before[name]) / full.connections / kibibyte).toFixed(1)} KB`
  const mebibytes = (bytes) => `${(bytes / kibibyte / kibibyte).toFixed(1)} MB`
  console.log(
    `${full.connections} connections, ${what}: ${each(empty, "rss")} each, of it heap ${each(empty, "heapUsed")}`,
  )
  console.log(`  resident ${mebibytes(empty.rss)} empty, ${mebibytes(full.rss)} full`)
  console.log(`  over a server that never had one (${mebibytes(cold.rss)}): ${each(cold, "rss")} each`)
}

function start(part, execArgv = []) {
  const args = ["--part", part, "--connections", `${count}`, "--conversations", `${conversations}`]
  return fork(fileURLToPath(import.meta.url), args, { execArgv })
}

function heard(child, type) {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`A part of the measurement ended (${code}) before it was ${type}.`)))
    child.on("message", (message) => message.type === type && resolve(message))
  })
}

function ask(child, question, answer) {
  child.send(question)
  return heard(child, answer)
}

const ended = (child) => new Promise((resolve) => child.once("exit", resolve))

// The server.

async function serve() {
  const { openEmbeddedEngine } = await import("@everthread/engine-embedded")
  const { systemClock, systemRandom } = await import("@everthread/protocol")
  const { createAuthenticator, loadConfig, startServer } = await import("@everthread/server")
  const { config } = loadConfig({ env: {}, flags: { port: "0" } })
  const folder = mkdtempSync(join(tmpdir(), "everthread-idle-"))
  const engine = await openEmbeddedEngine({ folder })
  const names = Array.from({ length: conversations }, (_, at) => `c${at}`)
  for (const conversation of names) await makeConversation(engine, conversation)
  const quiet = () => undefined
  const server = await startServer({
    config,
    engine,
    authenticator: await createAuthenticator(config.auth, systemClock),
    clock: systemClock,
    random: systemRandom,
    log: { debug: quiet, info: quiet, warn: console.error, error: console.error },
    agents: { names: [] },
    node: "node-a",
  })
  process.on("message", async ({ isEmpty }) => {
    while (isEmpty && server.connections() > 0) await aMoment()
    process.send({ type: "measured", ...(await memory()), connections: server.connections() })
  })
  process.send({ type: "listening", port: server.port, folder })
}

const userOf = (at) => `user-${at}`

async function makeConversation(engine, conversation) {
  const at = Number(conversation.slice(1))
  const users = Array.from({ length: Math.ceil(count / conversations) }, (_, n) => userOf(at + n * conversations))
  const by = { user: userOf(at), device: "phone" }
  const bodies = [
    { type: "conversation.created", time: 1, by },
    ...users.map((user) => ({ type: "member.added", time: 1, by, user, role: "member" })),
  ]
  await engine.log.create({
    conversation,
    nonce: "measuring",
    bodies: bodies.map((body) => JSON.stringify(body)),
    members: users.map((user) => ({ user, role: "member" })),
  })
}

/** What is left after garbage collection, when it does not shrink any more. */
async function memory() {
  let before = Number.POSITIVE_INFINITY
  for (;;) {
    globalThis.gc()
    await aMoment()
    const { rss, heapUsed } = process.memoryUsage()
    if (heapUsed > before * 0.995) return { rss, heapUsed }
    before = heapUsed
  }
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 300))

// The clients.

async function connectAll() {
  const { WebSocket } = await import("ws")
  const atOnce = 100
  process.on("message", async ({ port, subscribes, until }) => {
    for (let at = 0; at < until; at += atOnce) {
      const many = Array.from({ length: Math.min(atOnce, until - at) }, (_, n) => at + n)
      await Promise.all(many.map((one) => connectOne(WebSocket, port, one, subscribes)))
    }
    process.send({ type: "connected" })
  })
}

function connectOne(WebSocket, port, at, subscribes) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`, { perMessageDeflate: false })
    const say = (frame) => socket.send(JSON.stringify(frame))
    socket.on("error", reject)
    socket.on("open", () => say({ type: "hello", protocol: 1, user: userOf(at), device: "phone" }))
    socket.on("message", (data) => {
      const { type } = JSON.parse(data)
      if (type === "error") reject(new Error(`${data}`))
      if (type === "welcome" && subscribes) say({ type: "subscribe", id: 1, conversation: `c${at % conversations}` })
      if (type === (subscribes ? "upToDate" : "welcome")) resolve()
    })
  })
}

const parts = { server: serve, clients: connectAll }
// A part without its parent has nobody to tell.
if (values.part) process.on("disconnect", () => process.exit())
await (parts[values.part] ?? measure)()
