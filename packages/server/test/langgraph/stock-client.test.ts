/** LangChain's own client against a node: what its commands come to, and what it is told. */
import { startNode, type TestNode } from "../support/start-node.ts"
import { SimulatedRun } from "../simple/support/simulated-agent.ts"
import { StockDevice, type StockOptions } from "./support/stock.ts"

let node: TestNode
const devices: StockDevice[] = []
let made = 0
const fresh = () => `thread-${++made}`

beforeAll(async () => {
  node = await startNode({ agents: ["scribe", "critic"] })
})
afterEach(() => Promise.all(devices.splice(0).map((device) => device.close())))
afterAll(() => node.stop())

function device(thread: string, more: Partial<StockOptions> = {}): StockDevice {
  const made = new StockDevice({ port: node.port, thread, ...more })
  devices.push(made)
  return made
}

describe.each(["websocket", "sse"] as const)("over %s", (transport) => {
  test("[LGR1] [LGR2] two devices on one thread are told the run's tokens once, in one sequence", async () => {
    const thread = fresh()
    const ada = device(thread, { user: "ada", transport })
    const bob = device(thread, { user: "bob", transport })
    const id = await ada.say("Tell me", "m-1")
    await ada.watch()
    await bob.watch()
    const run = await SimulatedRun.claim(node.engine, thread)
    expect(run.run).toBe(id)
    await run.answer(`${id}.0`, "Once ", "upon ", "a time")
    await run.end()
    await Promise.all([ada.ended(), bob.ended()])
    for (const one of [ada, bob]) {
      expect(one.words()).toBe("Once upon a time")
      expect(one.ends()).toEqual(["completed"])
      expect(one.messages().map(({ id }) => id)).toEqual(["m-1", `${id}.0`])
    }
    const ids = (one: StockDevice) => one.told.filter(({ method }) => method === "messages").map((told) => told.event_id)
    expect(ids(ada)).toEqual(ids(bob))
    expect(new Set(ids(ada)).size).toBe(ids(ada).length)
  })
})
