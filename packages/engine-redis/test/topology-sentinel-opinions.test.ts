/** Whom a node follows when its sentinels do not say the same. */
import { ManualClock } from "../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../test/support/seeded-random.ts"
import type { LinkOpener } from "../src/topology/kept-link.ts"
import { sentinelTopology } from "../src/topology/sentinel.ts"
import { type Answering, scriptedLink } from "./support/scripted.ts"

interface Saying {
  readonly master: number
  readonly epoch: number
}

const host = "10.0.0.1"
const first: Saying = { master: 1, epoch: 1 }
const second: Saying = { master: 2, epoch: 2 }
const master: Answering = async () => ["master"]

/** @param says what each sentinel answers; nothing: it does not. */
function sentinelThat(says: () => Saying | undefined): Answering {
  return async ([, about]) => {
    const said = says()
    if (!said) throw new Error("it is away")
    if (about === "MASTER") return { "config-epoch": String(said.epoch) }
    return about === "GET-MASTER-ADDR-BY-NAME" ? [host, String(said.master)] : []
  }
}

/** Three sentinels, and what each of them says at the moment. */
function following() {
  const clock = new ManualClock()
  const said: (Saying | undefined)[] = [first, first, first]
  const opening = (answers: (port: number) => Answering): LinkOpener => ({
    ...{ clock, random: seededRandom(1), reconnected: () => undefined },
    open: async ({ port }) => scriptedLink(port, answers(port)),
  })
  const topology = sentinelTopology({
    seeds: [0, 1, 2].map((port) => ({ host, port })) as [{ host: string; port: number }],
    name: "main",
    opener: opening(() => master),
    asking: opening((port) => sentinelThat(() => said[port])),
  })
  return {
    topology,
    async after(ms: number, ...now: (Saying | undefined)[]) {
      said.splice(0, 3, ...now)
      await clock.advance(ms)
      return topology.masters()[0]?.address.port
    },
  }
}

test("the latest epoch counts, whoever says it", async () => {
  const { topology, after } = following()
  expect(await after(2_000, first, first, first)).toBe(1)
  expect(await after(2_000, first, second, first)).toBe(2)
  topology.close()
})

test("[LIN1] the one that knew first is late: the others have not heard it yet, and nobody goes back", async () => {
  const { topology, after } = following()
  expect(await after(2_000, second, first, first)).toBe(2)
  expect(await after(5_000, undefined, first, first)).toBe(2)
  expect(await after(2_000, second, second, first)).toBe(2)
  expect(await after(8_000, undefined, first, first)).toBe(2)
  topology.close()
})

test("sentinels that were set up anew count from the beginning, and are followed when most say so for long", async () => {
  const { topology, after } = following()
  expect(await after(2_000, second, second, second)).toBe(2)
  expect(await after(30_000, first, undefined, undefined)).toBe(2)
  expect(await after(15_000, first, first, undefined)).toBe(1)
  topology.close()
})
