/** The guide's snippets are the compiled ones, and do what the guide says. */
import { readFileSync } from "node:fs"
import { WebSocket } from "ws"
import { claimNext, fresh } from "../../../server/test/ag-ui/support/nodes.ts"
import { SimulatedRun } from "../../../server/test/simple/support/simulated-agent.ts"
import { nodeForTests } from "../../../server/test/support/start-node.ts"
import { again, answer, connect, run, stop } from "./guide.ts"

const node = nodeForTests({ agents: ["scribe"] })
const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")
const time = 1_790_000_000_000

function snippetsOfGuide(): Map<string, string> {
  const blocks = read("../../../../docs/ag-ui.md").matchAll(/<!-- snippet: (\w+) -->\n```ts\n(.*?)\n```/gs)
  return new Map([...blocks].map(([, name = "", code = ""]) => [name, code]))
}

function regions(): Map<string, string> {
  const found = read("guide.ts").matchAll(/ *\/\/ #region (\w+)\n(.*?)\n *\/\/ #endregion/gs)
  return new Map([...found].map(([, name = "", code = ""]) => [name, code.replace(/^ {2}/gm, "")]))
}

test("docs/ag-ui.md shows the code that is compiled here", () => {
  expect(Object.fromEntries(snippetsOfGuide())).toEqual(Object.fromEntries(regions()))
  expect(read("../../../../docs/ag-ui.md").match(/```ts/g)).toHaveLength(regions().size)
})

test("its snippets run, ask again, answer, stop and connect", async () => {
  const thread = fresh()
  const server = `http://127.0.0.1:${node().port}`
  const running = run(server, thread)
  const first = await claimNext(node(), thread)
  await first.append(
    { type: "input.requested", time, run: first.run, interrupt: `q-${thread}`, value: "How many?" },
    { type: "run.waiting", time, run: first.run },
  )
  const { agent } = await running
  const native = await node().connect({ user: "guest" })
  const log = await native.follow(thread)
  const answering = answer(agent)
  await native.until("the answer", () => log.state.interrupts[0]?.answer !== undefined)
  const goesOn = await SimulatedRun.claim(node().engine, thread, 2)
  await goesOn.answer(`${first.run}.0`, "For four.")
  await goesOn.end()
  await answering
  const answered = structuredClone(agent.messages)
  expect(answered).toMatchObject([{ role: "user" }, { content: "For four." }])
  await again(agent)
  expect(agent.messages).toEqual(answered)

  agent.addMessage({ id: "m-2", role: "user", content: "And then?" })
  const stopping = agent.runAgent()
  const second = await claimNext(node(), thread)
  await stop(server, thread, "m-2", {})
  await native.until("the stop", () => log.state.runs.some(({ stopBy }) => stopBy !== undefined))
  await second.end("stopped")
  await stopping

  vi.stubGlobal("WebSocket", WebSocket)
  const page = connect(`ws://127.0.0.1:${node().port}/v1`, thread)
  await vi.waitUntil(() => page.agent.messages.length === 3)
  expect(page.agent.messages).toEqual(agent.messages)
  await page.agent.detachActiveRun()
  await page.connected
  page.client.close()
  vi.unstubAllGlobals()
})
