/** A full disk: nothing acknowledged is lost, reading goes on, and so does writing when there is room. */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { EngineError, type EngineStatus } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import { type EmbeddedEngine, openEmbeddedEngine } from "../src/index.ts"
import { tmpfsWorks, withTmpfs } from "./tmpfs.ts"

const bytes = 20_000
const append = (engine: EmbeddedEngine, name: string) =>
  engine.log.append({
    conversation: "c",
    nonce: `nonce${name}`,
    bodies: [name, "x".repeat(bytes)],
    idempotency: { key: name, digest: "d" },
    members: [{ user: name, role: "member" }],
  })

/** Appends, several at a time, until the store refuses. @returns the names that were acknowledged. */
async function fill(engine: EmbeddedEngine): Promise<{ acked: string[]; refused: unknown[] }> {
  const acked: string[] = []
  const refused: unknown[] = []
  for (let round = 0; refused.length === 0; round++) {
    const names = [0, 1, 2].map((index) => `m${round}x${index}`)
    const results = await Promise.allSettled(names.map((name) => append(engine, name)))
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") acked.push(names[index] as string)
      else refused.push(result.reason)
    }
  }
  return { acked, refused }
}

async function storedNames(engine: EmbeddedEngine): Promise<string[]> {
  const tail = await engine.log.read("c", startCursor, { entriesMax: 100_000, charsMax: Number.MAX_SAFE_INTEGER })
  if (tail.status !== "tail") throw new Error(`expected a tail, not ${tail.status}`)
  expect(tail.entries.map((entry) => entry.seq)).toEqual(tail.entries.map((_, index) => index + 1))
  return tail.entries.filter((entry) => entry.body.startsWith("m")).map((entry) => entry.body)
}

const becomes = (engine: EmbeddedEngine, state: EngineStatus["state"]) =>
  new Promise<EngineStatus>((resolve) => {
    const stop = engine.onStatus((status) => {
      if (status.state !== state) return
      stop()
      resolve(status)
    })
  })

describe.skipIf(!tmpfsWorks)("a full disk", () => {
  test("[STO2] makes the store read-only, loses nothing, and writing goes on when there is room", async () => {
    await withTmpfs("8m", async (folder, remount) => {
      let engine = await openEmbeddedEngine({ folder, probeMs: 20 })
      await engine.log.create({ conversation: "c", nonce: "nonceOfBegin", bodies: ["begin"], members: [] })
      const readOnly = becomes(engine, "read-only")
      const { acked, refused } = await fill(engine)

      for (const error of refused) expect(error).toMatchObject({ name: "EngineError", code: "read-only" })
      expect(await readOnly).toEqual(engine.status())
      expect(engine.status()).toMatchObject({ state: "read-only", reason: expect.stringContaining("Make room") })
      await expect(append(engine, "again")).rejects.toBeInstanceOf(EngineError)
      expect(await storedNames(engine)).toEqual(acked)
      expect((await engine.directory.members("c")).size).toBe(acked.length)

      const ready = becomes(engine, "ready")
      remount("size=32m")
      await ready
      expect(await append(engine, "after")).toMatchObject({ status: "appended" })
      expect(await append(engine, acked[0] as string)).toMatchObject({ status: "duplicate", seq: 3 })
      await engine.close()

      engine = await openEmbeddedEngine({ folder })
      expect(await storedNames(engine)).toEqual([...acked, "after"].filter((name) => name.startsWith("m")))
      expect(await engine.directory.role("c", "after")).toBe("member")
      await engine.close()
    })
  })

  test("[STO2] it happens again, and again it mends by itself", async () => {
    await withTmpfs("12m", async (folder) => {
      const engine = await openEmbeddedEngine({ folder, probeMs: 20 })
      await engine.log.create({ conversation: "c", nonce: "nonceOfBegin", bodies: ["begin"], members: [] })
      const ballast = join(folder, "ballast")
      writeFileSync(ballast, Buffer.alloc(3_000_000))
      const first = await fill(engine)
      const ready = becomes(engine, "ready")
      rmSync(ballast)
      await ready
      const second = await fillMore(engine, first.acked)
      expect(await storedNames(engine)).toEqual([...first.acked, ...second])
      await engine.close()
    })
  })

  test("[STO2] a store that is read-only can be closed and opened, and read", async () => {
    await withTmpfs("8m", async (folder) => {
      let engine = await openEmbeddedEngine({ folder })
      await engine.log.create({ conversation: "c", nonce: "nonceOfBegin", bodies: ["begin"], members: [] })
      const { acked } = await fill(engine)
      await engine.close()
      engine = await openEmbeddedEngine({ folder })
      expect(await storedNames(engine)).toEqual(acked)
      await engine.close()
    })
  })
})

/** Fills what became free, under names that were not used. */
async function fillMore(engine: EmbeddedEngine, used: readonly string[]): Promise<string[]> {
  const acked: string[] = []
  for (let index = 0; ; index++) {
    const name = `more${used.length + index}`
    try {
      await append(engine, name)
    } catch (error) {
      expect(error).toMatchObject({ code: "read-only" })
      return acked
    }
    acked.push(name)
  }
}
