/** A browser whose tabs share a socket, each with a client of its own, before a server that the test plays. */
import type { Clock } from "@everthread/protocol"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import { sharedSocket } from "../../src/browser/index.ts"
import {
  type Client,
  type ClientOptions,
  type Conversation,
  createClient,
  type SocketFactory,
} from "../../src/index.ts"
import { FakeBrowser, type FakeTab } from "./fake-tabs.ts"

export interface Tab {
  readonly tab: FakeTab
  readonly client: Client
  readonly c: Conversation
}

export class TabWorld {
  readonly clock = new ManualClock()
  readonly browser = new FakeBrowser()
  readonly #socket: SocketFactory
  #tabs = 0

  constructor(socket: SocketFactory) {
    this.#socket = socket
  }

  /** Opens a tab that follows the conversation `c`. */
  open(over: Partial<ClientOptions> = {}): Tab {
    this.#tabs += 1
    const tab = this.browser.tab()
    const clock = clockOf(tab, this.clock)
    const random = seededRandom(this.#tabs)
    // The socket of a tab that is gone says nothing any more, to nobody.
    const socket: SocketFactory = (url, handlers) =>
      this.#socket(url, {
        opened: () => tab.hear(handlers.opened),
        received: (text) => tab.hear(() => handlers.received(text)),
        closed: (code, reason) => tab.hear(() => handlers.closed(code, reason)),
      })
    const { locks, channel } = tab
    const shared = sharedSocket({ socket, locks, channel, clock, random })
    const who = over.token === undefined ? { user: "ada" } : {}
    const client = createClient({
      url: "ws://here/v1",
      device: "laptop",
      clock,
      random,
      socket: shared,
      ...who,
      ...over,
    })
    return { tab, client, c: client.conversation("c") }
  }

  /** Until nothing moves but time. */
  async settle(): Promise<void> {
    await settled()
    await settled()
  }
}

/** Timers of a tab that is gone, or frozen, are, too. */
function clockOf(tab: FakeTab, clock: ManualClock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    startTimer: (delayMs, run) => clock.startTimer(delayMs, () => tab.hear(run)),
    stopTimer: (timer) => clock.stopTimer(timer),
    endOfTick: (run) => clock.endOfTick(run),
  }
}
