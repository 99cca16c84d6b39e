/** Each fault of a single Redis does what it says, and is mended. */
import { once } from "node:events"
import { connect } from "node:net"
import { FaultyDisk, type RedisServer, ReplyError, until } from "@everthread/stage"
import type { Harm, Nemesis } from "../../src/nemesis/nemesis.ts"
import { cutPower, cutPowerEverySecond } from "../../src/nemesis/store/cut-power.ts"
import { fillDisk, slowDisk } from "../../src/nemesis/store/disk.ts"
import { fillMemory } from "../../src/nemesis/store/fill-memory.ts"
import { commandsCut, scriptsForgotten, subscribersCut } from "../../src/nemesis/store/nag-store.ts"
import { backUp, restoreBackup } from "../../src/nemesis/store/restore-backup.ts"
import { always, type Bare, bareStore, leave } from "./bare-store.ts"

const hasDisk = (await FaultyDisk.make()) !== undefined
let bare: Bare
let redis: RedisServer

beforeEach(async () => {
  bare = await bareStore("redis")
  const { store } = bare.deployment
  if (store.kind !== "redis") throw new Error("another store")
  redis = store.server
})
afterEach(() => leave(bare))

async function begin(nemesis: Nemesis, fraction = 0): Promise<Harm> {
  expect(nemesis.unfit(bare.deployment)).toBeUndefined()
  const harm = await nemesis.begin(bare.deployment, always(fraction))
  if (!harm) throw new Error(`${nemesis.name} found nothing to hit`)
  expect(harm.target).toBe("redis")
  // Nobody else may touch it meanwhile.
  expect(await nemesis.begin(bare.deployment, always(fraction))).toBeUndefined()
  return harm
}

async function expectMended(): Promise<void> {
  expect(await redis.cli("SET", "mended", "yes")).toBe("OK")
  const giveBack = bare.deployment.take("store")
  expect(giveBack).toBeDefined()
  giveBack?.()
}

const refused = (how: string) => () =>
  redis.cli("SET", "key", "x".repeat(10_000)).then(
    () => false,
    (error: unknown) => error instanceof ReplyError && error.message.startsWith(how),
  )

test.each([
  ["subscribers", subscribersCut, "SUBSCRIBE channel\r\n"],
  ["who asks", commandsCut, "GET key\r\n"],
])("connections of %s are ended", async (_who, nemesis, said) => {
  const socket = connect({ port: redis.port, host: "127.0.0.1" })
  socket.on("error", () => undefined)
  socket.write(said)
  await once(socket, "data")
  const ended = once(socket, "close")
  const harm = await begin(nemesis)
  await ended
  await harm.heal()
  await expectMended()
})

test("scripts are forgotten", async () => {
  const script = await redis.cli("SCRIPT", "LOAD", "return 1")
  const harm = await begin(scriptsForgotten)
  await until("it to be forgotten", async () => (await redis.cli("SCRIPT", "EXISTS", script)) === "0")
  await harm.heal()
  await redis.cli("SCRIPT", "LOAD", "return 1")
  expect(await redis.cli("EVALSHA", script, 0)).toBe("1")
  await expectMended()
})

test("there is no memory left", async () => {
  const harm = await begin(fillMemory)
  expect(await refused("OOM")()).toBe(true)
  await harm.heal()
  await expectMended()
})

test.skipIf(!hasDisk)("a full disk makes it read-only under everysec", async () => {
  const harm = await begin(fillDisk, 0)
  await until("it to refuse", refused("MISCONF"))
  expect(redis.state).toBe("running")
  await harm.heal()
  await expectMended()
  expect(await redis.cli("CONFIG", "GET", "appendfsync")).toContain("always")
})

test.skipIf(!hasDisk)("a full disk ends it under always", async () => {
  await redis.cli("SET", "before", "yes")
  const begun = fillDisk.begin(bare.deployment, always(0.9))
  await redis.cli("SET", "after", "yes").catch(() => undefined)
  const harm = await begun
  expect(redis.state).toBe("ended")
  await harm?.heal()
  expect(await redis.cli("GET", "before")).toBe("yes")
  expect(await redis.command("EXISTS", "after")).toBe(0)
  await expectMended()
})

test.skipIf(!hasDisk)("a slow disk keeps whoever writes waiting", async () => {
  const harm = await begin(slowDisk, 0.5)
  const atMs = performance.now()
  await redis.cli("SET", "key", "value")
  // At least: how long it takes beside that is the machine's business.
  expect(performance.now() - atMs).toBeGreaterThan(100)
  await harm.heal()
  await expectMended()
})

test.skipIf(!hasDisk)("[ACK1] a power cut takes nothing that was acknowledged under always", async () => {
  for (let number = 0; number < 50; number++) await redis.cli("SET", `key-${number}`, "x")
  const harm = await begin(cutPower)
  expect(redis.state).toBe("ended")
  expect(harm.rollback).toBeUndefined()
  await harm.heal()
  expect(await redis.command("DBSIZE")).toBe(50)
  await expectMended()
})

test.skipIf(!hasDisk)("a power cut takes what was not synced under everysec, and says that it may", async () => {
  await redis.cli("SET", "before", "yes")
  redis.disk?.slowDown(600_000)
  const begun = cutPowerEverySecond.begin(bare.deployment, always(0))
  await until("it to be less careful", async () =>
    (await redis.cli("CONFIG", "GET", "appendfsync")).includes("everysec"),
  )
  await redis.cli("SET", "after", "yes").catch(() => undefined)
  const harm = await begun
  expect(harm?.rollback).toBe(true)
  redis.disk?.slowDown(0)
  await harm?.heal()
  expect(await redis.cli("GET", "before")).toBe("yes")
  expect(await redis.command("EXISTS", "after")).toBe(0)
  await expectMended()
})

test("a backup that is put back holds what was there, and nothing since", async () => {
  await redis.cli("SET", "before", "yes")
  const putBack = await backUp(redis)
  await redis.cli("SET", "after", "yes")
  await redis.kill()
  await putBack()
  await redis.restart()
  expect(await redis.cli("GET", "before")).toBe("yes")
  expect(await redis.command("EXISTS", "after")).toBe(0)
  const harm = await begin(restoreBackup)
  expect(harm).toMatchObject({ rollback: true })
  expect(redis.state).toBe("ended")
  await harm.heal()
  expect(await redis.cli("GET", "before")).toBe("yes")
  await expectMended()
})
