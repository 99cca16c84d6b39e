/** A node that began before any worker: who asks for an agent that has come meanwhile is not refused. */
import { EngineError } from "@everthread/engine"
import type { Agents } from "../../src/core/core.ts"
import { refuseUnserved, servedNames } from "../../src/core/served-agents.ts"
import { startNode, type TestNode } from "../support/start-node.ts"

/** What a node knows of the workers: nothing, until it looks. */
class LateAgents implements Agents {
  names: readonly string[] = []
  looks = 0
  readonly #served: readonly string[]

  constructor(served: readonly string[]) {
    this.#served = served
  }

  readonly lookAgain = async (): Promise<void> => {
    this.looks += 1
    this.names = this.#served
  }
}

let node: TestNode
let agents: LateAgents
beforeEach(async () => {
  agents = new LateAgents(["scribe", "critic"])
  node = await startNode({ agents })
})
afterEach(() => node.stop())

const conversation = "c"

test.each([
  ["a conversation with an agent", { type: "create", key: "k", conversation: "other", agent: "critic" }],
  ["a conversation that gets an agent", { type: "conversation.update", key: "k", conversation, agent: "critic" }],
  ["a message to an agent", { type: "send", key: "k", conversation, text: "hi", agent: "critic" }],
] as const)("[AGT1] %s is taken, though the agent's worker has only just come", async (_what, command) => {
  const ada = await node.connect({ user: "ada" })
  await ada.must({ type: "create", key: "made", conversation })
  expect(agents.looks).toBe(0)
  await ada.must(command)
  expect(agents.looks).toBe(1)
})

test("[AGT1] [AGT6] a message that begins with the name of an agent that has only just come is for it", async () => {
  const ada = await node.connect({ user: "ada" })
  await ada.must({ type: "create", key: "made", conversation })
  await ada.must({ type: "send", key: "k", conversation, text: "@critic hi" })
  const [run] = await node.engine.leases.openRuns()
  expect(run).toMatchObject({ about: { agent: "critic" } })
})

test("[AGT1] [LGR1] a stock client's run, thread and list of assistants have the agent that has only just come", async () => {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`http://127.0.0.1:${node.port}${path}`, { method: "POST", body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as unknown }
  }
  const params = { assistant_id: "critic", input: { messages: "hi" } }
  expect(await post("/threads/t/commands", { id: 1, method: "run.start", params })).toMatchObject({
    status: 200,
    body: { type: "success" },
  })
  agents.names = []
  expect((await post("/threads", { metadata: { graph_id: "critic" } })).status).toBe(200)
  agents.names = []
  expect((await post("/assistants/search", {})).body).toMatchObject([{ name: "scribe" }, { name: "critic" }])
})

test("[AGT1] who is served nowhere is refused after a look, and known names cost none", async () => {
  expect(await refuseUnserved("nobody", agents)).toMatchObject({ error: { code: "not_found" } })
  expect(agents.looks).toBe(1)
  expect(await refuseUnserved("scribe", agents)).toBeUndefined()
  expect(await servedNames(agents)).toEqual(["scribe", "critic"])
  expect(agents.looks).toBe(1)
})

test("[AGT1] [STO3] while the store is away nobody is told that an agent is not there", async () => {
  const lookAgain = () => Promise.reject(new EngineError("unavailable", "away"))
  expect(await refuseUnserved("scribe", { names: [], lookAgain })).toMatchObject({
    error: { code: "unavailable", retryable: true },
  })
})
