/** A subscription on a fake log, through a real hub and feed. */
import type { Directory, Engine } from "@everthread/engine"
import type { Clock, Cursor, Random, Role } from "@everthread/protocol"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import { Admission } from "../../src/core/admission.ts"
import { Hub } from "../../src/core/hub.ts"
import { noMeter } from "../../src/core/meter.ts"
import { Subscription } from "../../src/core/subscription.ts"
import type { FakeLog } from "./fake-log.ts"
import { type RecordingLog, recordingLog } from "./quiet-log.ts"
import { RecordingSink } from "./recording-sink.ts"

export interface Setting {
  readonly log: FakeLog
  readonly clock: Clock
  readonly random?: Random
  /** What the directory says of everybody. */
  readonly role?: (user: string) => Role | undefined | Promise<Role | undefined>
  readonly ringCharsMax?: number
}

export interface Bench {
  readonly hub: Hub
  readonly logger: RecordingLog
  admission(user: string): Admission
  subscribe(
    cursor: Cursor | undefined,
    options?: { stateful?: boolean; sink?: RecordingSink; user?: string; admission?: Admission },
  ): Subscribed
}

export interface Subscribed {
  readonly subscription: Subscription
  readonly sink: RecordingSink
}

const idleMs = 30_000

export function bench({ log, clock, random = seededRandom(1), role, ringCharsMax = 100_000 }: Setting): Bench {
  const logger = recordingLog()
  const meter = noMeter
  const nothing = () => undefined
  const hub = new Hub({ log, clock, logger, meter, ringCharsMax, idleMs, grown: nothing, closed: nothing })
  const directory = { role: async (_: string, user: string) => (role ? role(user) : "member") } as unknown as Directory
  const engine = { log, directory } as unknown as Engine
  const admissionOf = (user: string) => new Admission({ conversation: "c", user, engine })
  return {
    hub,
    logger,
    admission: admissionOf,
    subscribe(
      cursor,
      { stateful = false, sink = new RecordingSink(cursor), user = "ada", admission = admissionOf(user) } = {},
    ) {
      sink.isStateful = stateful
      const node = { hub, engine, clock, random, logger, meter }
      const about = { conversation: "c", user, cursor, admission, sink, stateful, ...node }
      const subscription = new Subscription(about)
      subscription.start()
      return { subscription, sink }
    },
  }
}
