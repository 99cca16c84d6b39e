/** What the tests of this folder share: devices whose connections end with each test, and names that are used once. */
import { SimulatedRun } from "../../simple/support/simulated-agent.ts"
import type { TestNode } from "../../support/start-node.ts"
import { type DeviceOptions, StockDevice } from "./stock-device.ts"

let made = 0
/** A thread that no other test uses. */
export const fresh = (): string => `thread-${++made}`

export function devicesOf(port: () => number): (thread: string, more?: Partial<DeviceOptions>) => StockDevice {
  const devices: StockDevice[] = []
  afterEach(() => {
    for (const device of devices.splice(0)) device.drop()
  })
  return (thread, more = {}) => {
    const device = new StockDevice({ port: port(), thread, ...more })
    devices.push(device)
    return device
  }
}

const claimed = new Set<string>()

/** Waits until the thread has a run that this has not claimed before, and claims it. */
export async function claimNext({ engine }: Pick<TestNode, "engine">, thread: string): Promise<SimulatedRun> {
  const isNext = ({ conversation, run }: { conversation: string; run: string }) =>
    conversation === thread && !claimed.has(run)
  await vi.waitUntil(async () => (await engine.leases.openRuns()).some(isNext), { timeout: 30_000, interval: 5 })
  const run = await SimulatedRun.claim(engine, thread)
  claimed.add(run.run)
  return run
}

/** Asks as a page would that has no client. */
export function post(
  port: number,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/compat/ag-ui${path}`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  })
}

/** An input as the stock client makes it. */
export function inputOf(threadId: string, text: string, id: string, more: object = {}): object {
  const messages = [{ id, role: "user", content: text }]
  return { threadId, runId: `run-of-${id}`, messages, tools: [], context: [], state: {}, ...more }
}
