/** What befalls nodes and a Redis: it does what it says, as one can see from outside, and afterwards all is as it was. */
import { seededRandom } from "@everthread/sim"
import type { FaultNode, RedisServer } from "@everthread/stage"
import type { Deployment } from "../src/deployment/deployment.ts"
import { Stand } from "../src/deployment/stand.ts"
import { blockNode } from "../src/nemesis/block-node.ts"
import { jumpClock } from "../src/nemesis/jump-clock.ts"
import { killNode } from "../src/nemesis/kill-node.ts"
import { killStore } from "../src/nemesis/kill-store.ts"
import type { Harm, Nemesis } from "../src/nemesis/nemesis.ts"
import { pauseNode } from "../src/nemesis/pause-node.ts"
import { pauseStore } from "../src/nemesis/pause-store.ts"
import { restartNodes } from "../src/nemesis/restart-nodes.ts"
import { Crowd } from "../src/people/crowd.ts"
import { Device } from "../src/people/device.ts"
import { NodePlace } from "../src/people/node-place.ts"

let stand: Stand
let crowd: Crowd
let deployment: Deployment
const random = seededRandom(1)

beforeAll(async () => {
  stand = await Stand.start({ kind: "redis", nodes: 2, hasOwnNetwork: false })
  crowd = await Crowd.gather({ devices: 2, conversations: 1 }, new NodePlace(stand.places, random.fraction), random)
  deployment = stand.with(crowd)
})
afterAll(async () => {
  crowd.close()
  await stand.stop()
})

async function begin(nemesis: Nemesis): Promise<Harm> {
  expect(nemesis.unfit(deployment)).toBeUndefined()
  const harm = await nemesis.begin(deployment, random)
  if (!harm) throw new Error("there was nothing to hit")
  return harm
}

function nodeOf({ target }: Harm): FaultNode {
  const node = stand.nodes.find(({ name }) => name === target)
  if (!node) throw new Error(`${target} is no node`)
  return node
}

const healthOf = ({ url }: FaultNode) => fetch(`${url?.replace("ws:", "http:")}/healthz`).then(({ status }) => status)
const redis = () => deployment.servers.get("redis") as RedisServer
/** So many times somebody else has answered: whoever could have, would have. */
const askedBeside = 50

async function others(harm: Harm): Promise<void> {
  const other = stand.nodes.find(({ name }) => name !== harm.target)
  for (let time = 0; other && time < askedBeside; time++) await healthOf(other)
}

test("a node that is killed is gone, nobody else may touch it, and it serves again when it is healed", async () => {
  const harm = await begin(killNode)
  const node = nodeOf(harm)
  expect(node.state).toBe("down")
  expect(deployment.take(node.name)).toBeUndefined()
  await harm.heal()
  expect(await healthOf(node)).toBe(200)
  const giveBack = deployment.take(node.name)
  expect(giveBack).toBeDefined()
  giveBack?.()
})

test.each([
  [pauseNode, "paused"],
  [blockNode, "up"],
] as const)(
  "a node under $name answers nothing, its sockets stay open, and it goes on when it is healed",
  async (nemesis, state) => {
    const harm = await begin(nemesis)
    const node = nodeOf(harm)
    expect(node.state).toBe(state)
    const answers: number[] = []
    const answered = healthOf(node).then((status) => answers.push(status))
    await others(harm)
    expect(answers).toEqual([])
    await harm.heal()
    await answered
    expect(answers).toEqual([200])
  },
)

test("a clock that jumps is seen in what its node stores, and no more when it is healed", async () => {
  const harm = await begin(jumpClock)
  const offMs = async (name: string) => {
    const device = new Device("ada", name, { anyNode: () => nodeOf(harm).url ?? "" })
    try {
      const [id = ""] = crowd.conversations
      const { conversation } = device.follow(id)
      const { seq } = await conversation.send(`from ${name}`)
      await vi.waitFor(() => expect(conversation.snapshot().state.seq).toBeGreaterThanOrEqual(seq), { timeout: 20_000 })
      const stored = conversation.snapshot().messages.find((message) => message.seq === seq)
      return Math.abs(Number(stored?.time) - Date.now())
    } finally {
      device.close()
    }
  }
  expect(await offMs("early")).toBeGreaterThan(60_000)
  await harm.heal()
  expect(await offMs("late")).toBeLessThan(60_000)
})

test("a Redis that is killed is gone, and comes back with what it had", async () => {
  await redis().cli("SET", "kept", "yes")
  const harm = await begin(killStore)
  await expect(redis().cli("PING")).rejects.toThrow()
  expect(deployment.take("redis")).toBeUndefined()
  await harm.heal()
  expect(await redis().cli("GET", "kept")).toBe("yes")
})

test("a Redis that stands still answers nothing, and does what it was asked when it goes on", async () => {
  await redis().cli("SET", "count", "0")
  const harm = await begin(pauseStore)
  const answers: string[] = []
  const answered = redis()
    .cli("INCR", "count")
    .then((answer) => answers.push(answer))
  await others(harm)
  expect(answers).toEqual([])
  await harm.heal()
  await answered
  expect(answers).toEqual(["1"])
})

test("nodes are restarted one after the other, and each serves again", async () => {
  const before = stand.nodes.map(({ url }) => url)
  const harm = await begin(restartNodes)
  await harm.heal()
  for (const [index, node] of stand.nodes.entries()) {
    expect(node.url).not.toBe(before[index])
    expect(await healthOf(node)).toBe(200)
  }
})
