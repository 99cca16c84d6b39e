import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { WebSocket } from "ws"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
const started: Serving[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-serve-"))
})
afterEach(async () => {
  for (const { child } of started) child.kill("SIGKILL")
  await Promise.all(started.splice(0).map(({ ended }) => ended))
  rmSync(folder, { recursive: true })
})

function start(args: readonly string[] = [], env: Record<string, string> = {}): Serving {
  const serving = serve(["--data", join(folder, "data"), ...args], env, folder)
  started.push(serving)
  return serving
}

const echo = ["--graph", `${agentFile("echo")}:graph`]
const now = () => new Date().toISOString()

interface SimpleFrame {
  readonly type: string
  readonly role?: string
  readonly content?: string
  readonly message_id?: string
}

/** Says hello in the simple protocol. @returns a function that waits for the first frame that fits. */
async function connect(address: string, agent: string) {
  const socket = new WebSocket(address)
  const frames: SimpleFrame[] = []
  let wake = () => {}
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)) as SimpleFrame)
    wake()
  })
  await once(socket, "open")
  const send = (frame: object) => socket.send(JSON.stringify({ ...frame, timestamp: now() }))
  send({ user_id: "ada", device_id: "laptop", agent })
  async function until(fits: (frame: SimpleFrame) => boolean): Promise<SimpleFrame> {
    for (;;) {
      const found = frames.find(fits)
      if (found) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  await until(({ type }) => type === "system")
  /** A frame may come twice where it was not known to have arrived; its message is one. */
  const answers = () =>
    new Map(frames.filter(({ role }) => role === "assistant").map((frame) => [frame.message_id, frame.content]))
  return { socket, send, until, answers }
}

test("[CON4] serves an agent to people until it is told to stop, and ends with 0", async () => {
  const serving = start(echo)
  const { socket, send, until } = await connect(await serving.ready, "agent")
  send({ type: "text", content: "hello", message_id: "m1" })
  const answer = await until(({ role }) => role === "assistant")
  expect(answer.content).toBe("You said: hello")
  serving.child.kill("SIGTERM")
  const [code] = (await once(socket, "close")) as [number]
  expect(code).toBe(4503)
  expect(await serving.ended).toBe(0)
  expect(serving.out()).toContain("agents  agent")
  expect(serving.err()).toContain("Stopping")
})

test("serves the agents of a langgraph.json, with its environment", async () => {
  const agent = `import { graph } from ${JSON.stringify(agentFile("echo"))}; export const own = graph\nconsole.log(process.env.FROM_JSON)\n`
  writeFileSync(join(folder, "agent.mjs"), agent)
  const json = { graphs: { support: "./agent.mjs:own" }, env: { FROM_JSON: "it was read" } }
  writeFileSync(join(folder, "langgraph.json"), JSON.stringify(json))
  const serving = start()
  await serving.ready
  expect(serving.out()).toContain("agents  support")
  expect(serving.out()).toContain("it was read")
})

test("[RUN3] a run whose server is killed goes on from its last checkpoint when it is started again", async () => {
  const agent = ["--graph", `${agentFile("two-steps")}:graph`, "--agent-lease", "0.5"]
  const killed = start(agent, { BLOCK: "1" })
  const before = await connect(await killed.ready, "agent")
  before.send({ type: "text", content: "hello", message_id: "m1" })
  await expect.poll(() => killed.out()).toContain("in the second step")
  killed.child.kill("SIGKILL")
  await killed.ended

  const again = start(agent)
  const after = await connect(await again.ready, "agent")
  await after.until(({ content }) => content === "two")
  expect(again.out()).not.toContain("in the first step")
  const answers = [...new Map([...before.answers(), ...after.answers()]).values()]
  expect(answers).toEqual(["one", "two"])
})

test("a second signal ends it at once, though an agent is stuck", async () => {
  const serving = start(["--graph", `${agentFile("stuck")}:graph`, "--drain-timeout", "300"])
  const { send } = await connect(await serving.ready, "agent")
  send({ type: "text", content: "hello", message_id: "m1" })
  await expect.poll(() => serving.out()).toContain("stuck now")
  serving.child.kill("SIGTERM")
  await expect.poll(() => serving.err()).toContain("Stopping")
  serving.child.kill("SIGTERM")
  await serving.ended
  expect(serving.child.signalCode).toBe("SIGKILL")
})

test("a second signal ends it at once, though its store is writing", async () => {
  for (let round = 0; round < 3; round++) {
    const serving = start([...echo, "--rate-limit-sends", "1000000"])
    const { send } = await connect(await serving.ready, "agent")
    const flood = setInterval(() => {
      for (let at = 0; at < 20; at++)
        send({ type: "text", content: "hello", message_id: `m${round}-${at}-${Date.now()}` })
    }, 2)
    serving.child.kill("SIGTERM")
    await expect.poll(() => serving.err()).toContain("Stopping")
    serving.child.kill("SIGTERM")
    await serving.ended
    clearInterval(flood)
  }
})

describe("what stops it from starting is one sentence with what to do, and ends with 1", () => {
  test("a port that is in use", async () => {
    const first = start(echo)
    const port = new URL(await first.ready).port
    const second = start([...echo, "--port", port, "--data", join(folder, "other")])
    expect(await second.ended).toBe(1)
    expect(second.err()).toBe(
      `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another one with --port.\n`,
    )
  })

  test("[STO1] a data folder that is in use", async () => {
    await start(echo).ready
    const second = start(echo)
    expect(await second.ended).toBe(1)
    expect(second.err()).toContain(join(folder, "data"))
    expect(second.err().trim().split("\n")).toHaveLength(1)
  })

  test.runIf(process.platform === "linux")("a data folder where nobody can make one", async () => {
    const serving = start([...echo, "--data", "/proc/everthread/data"])
    expect(await serving.ended).toBe(1)
    expect(serving.err()).toContain("/proc/everthread/data cannot be used as a data folder")
    expect(serving.err().trim().split("\n")).toHaveLength(1)
  })

  test("of a data folder and an agent that are both wrong, the agent", async () => {
    writeFileSync(join(folder, "data"), "I am a file.")
    const serving = start(["--graph", "./nothing.mjs:graph"])
    expect(await serving.ended).toBe(1)
    expect(serving.err()).toBe(`There is no file ${join(folder, "nothing.mjs")}.\n`)
  })

  test("a data folder that cannot be one", async () => {
    writeFileSync(join(folder, "data"), "I am a file.")
    const serving = start(echo)
    expect(await serving.ended).toBe(1)
    expect(serving.err()).toContain(join(folder, "data"))
    expect(serving.err()).not.toMatch(/\n\s+at /)
  })

  test.each([
    ["./nothing.mjs:graph", "There is no file"],
    [`${agentFile("echo")}:grph`, "has no export grph. It exports: graph."],
    ["./readme.md", "does not name a graph"],
  ])("an agent that cannot be loaded: %s", async (place, reason) => {
    const serving = start(["--graph", place])
    expect(await serving.ended).toBe(1)
    expect(serving.err()).toContain(reason)
    expect(serving.err()).not.toMatch(/\n\s+at /)
  })

  test("a secret that is too short", async () => {
    const serving = start(echo, { JWT_SECRET: "hunter2" })
    expect(await serving.ended).toBe(1)
    expect(serving.err()).toContain("needs at least 32")
    expect(serving.err()).not.toContain("hunter2")
  })
})

test("what nobody caught is in the log files before it ends as a crash does", async () => {
  const serving = start(["--graph", `${agentFile("stray")}:graph`, "--logging-folder", join(folder, "logs")])
  await serving.ended
  expect(serving.child.signalCode).toBe("SIGKILL")
  expect(readFileSync(join(folder, "logs", "error.log"), "utf8")).toContain("nobody catches me")
})

test("warns where strangers can connect without a token", async () => {
  const serving = start([...echo, "--host", "0.0.0.0"])
  await serving.ready
  expect(serving.out()).toContain("WARNING: authentication is off")
})
