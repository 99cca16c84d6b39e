/** What the tests of this folder share: pages and devices that are closed after each test, and names that are used once. */
import { SimulatedRun } from "../../simple/support/simulated-agent.ts"
import type { TestNode } from "../../support/start-node.ts"
import { Page, type PageOptions } from "./page.ts"
import { StockDevice, type StockOptions } from "./stock.ts"

let made = 0
/** A thread that no other test uses. */
export const fresh = (): string => `thread-${++made}`

export interface Stage {
  device(thread: string, more?: Partial<StockOptions>): StockDevice
  /** Comes back at once, where its connection breaks, unless it says otherwise. */
  page(options: Omit<PageOptions, "port">): Promise<Page>
}

export function stage(port: () => number): Stage {
  const devices: StockDevice[] = []
  const pages: Page[] = []
  afterEach(async () => {
    for (const page of pages.splice(0)) page.close()
    await Promise.all(devices.splice(0).map((device) => device.close()))
  })
  return {
    device(thread, more = {}) {
      const device = new StockDevice({ port: port(), thread, ...more })
      devices.push(device)
      return device
    },
    async page(options) {
      const page = await Page.open({ port: port(), reconnectDelayMs: 1, ...options })
      pages.push(page)
      return page
    },
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
