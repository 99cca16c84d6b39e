/** What does not get through between a node and its store, by ways that are held, and by packets that are dropped. */
import { execFile, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { RedisServer } from "@everthread/stage"
import { RespConnection } from "../../../stage/src/servers/resp-connection.ts"
import { losePackets } from "../../src/nemesis/network/lose-packets.ts"
import { type Dropping, rulesOf } from "../../src/nemesis/network/packet-filter.ts"
import { partitions } from "../../src/nemesis/network/partition.ts"
import { always, type Bare, bareStore, leave } from "./bare-store.ts"

let bare: Bare
let redis: RedisServer
let node = ""

beforeAll(async () => {
  bare = await bareStore("redis", 1)
  const { store, nodes } = bare.deployment
  if (store.kind !== "redis") throw new Error("another store")
  redis = store.server
  node = nodes[0]?.name ?? ""
})
afterAll(() => leave(bare))

/** So many times somebody else was answered: whoever could have been, would have been. */
const askedBeside = 100

test.each([
  ["partition", false],
  ["lose-requests", false],
  ["lose-answers", true],
])("%s: nobody is told, and what waited gets through afterwards", async (name, isDone) => {
  const nemesis = partitions.find((one) => one.name === name)
  const way = await RespConnection.open({ port: bare.deployment.toStore.get(node)?.port ?? 0 })
  await way.send("PING")
  const harm = await nemesis?.begin(bare.deployment, always(0))
  expect(harm?.target).toBe(node)
  let isAnswered = false
  const asked = way.send("SET", name, "yes").then((reply) => {
    isAnswered = true
    return reply
  })
  for (let time = 0; time < askedBeside; time++) await redis.cli("PING")
  expect(isAnswered).toBe(false)
  expect(way.isOpen).toBe(true)
  expect(await redis.command("EXISTS", name)).toBe(isDone ? 1 : 0)
  await harm?.heal()
  expect(String(await asked)).toBe("OK")
  way.close()
})

test("without a network of its own nobody loses packets", () => {
  expect(losePackets.unfit(bare.deployment)).toContain("network of the run's own")
})

const mayMakeNetworks = spawnSync("unshare", ["--net", "sh", "-c", "ip link set lo up && iptables -S"]).status === 0
const probe = fileURLToPath(new URL("probe.mjs", import.meta.url))

/** What a probe in a network of its own saw while packets were dropped, and afterwards. */
async function probed(dropping: Omit<Dropping, "port">): Promise<unknown> {
  const rules = JSON.stringify(rulesOf({ port: 7_777, ...dropping }))
  const inside = ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", process.execPath, probe, "7777", rules]
  const { stdout } = await promisify(execFile)("unshare", inside)
  return JSON.parse(stdout)
}

test.skipIf(!mayMakeNetworks).each([
  ["both ways", ["to-server", "to-client"], { isHeard: false, isAnswered: false }],
  ["on the way to the server", ["to-server"], { isHeard: false, isAnswered: false }],
  ["on the way back", ["to-client"], { isHeard: true, isAnswered: false }],
] as const)("packets dropped %s", async (_way, directions, dropped) => {
  expect(await probed({ directions })).toEqual({ dropped, mended: { isHeard: true, isAnswered: true } })
})

test.skipIf(!mayMakeNetworks)("when only some are lost, everything gets through", async () => {
  const all = { isHeard: true, isAnswered: true }
  expect(await probed({ directions: ["to-server", "to-client"], share: 0.2 })).toMatchObject({ mended: all })
})
