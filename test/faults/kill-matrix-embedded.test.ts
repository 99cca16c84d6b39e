/** The embedded store: the process dies by SIGKILL at every kind of place, and is started again on its data folder. */

import { NodePlace } from "@everthread/chaos"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { systemClock } from "@everthread/protocol"
import { FaultNode } from "@everthread/stage"
import { expectRow } from "./stage/expect-row.ts"
import { journeyAgent, journeyFile } from "./stage/journey.ts"
import { type Played, playMatrix } from "./stage/kill-matrix.ts"
import { rows } from "./stage/matrix-rows.ts"
import { Watcher } from "./stage/watcher.ts"

let watcher: Watcher
let node: FaultNode
let played: readonly Played[] = []

beforeAll(async () => {
  watcher = await Watcher.start()
  const agents = { [journeyAgent]: journeyFile }
  node = new FaultNode({ name: "alone", leaseSeconds: 1, agents, env: watcher.env })
  await node.start()
  const openStore = () => openEmbeddedEngine({ folder: node.dataFolder, clock: systemClock })
  const place = new NodePlace([node], Math.random)
  played = await playMatrix({ nodes: [node], place, watcher, hasOthers: false, openStore })
}, 150_000)
afterAll(async () => {
  await node.kill()
  await watcher.close()
})

test.each(rows.map(({ rules, title }, index) => [rules, title, index] as const))(
  "%s killed and started again: %s",
  (_rules, _title, index) => {
    const one = played[index]
    expect(one).toBeDefined()
    if (one) expectRow(one, watcher, false)
  },
)
