/** A data folder belongs to one process, and every way in which it cannot be used is said in a sentence. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { startCursor } from "@everthread/protocol"
import { openEmbeddedEngine } from "../src/index.ts"
import { freshFolder } from "./folders.ts"
import { tmpfsWorks, withTmpfs } from "./tmpfs.ts"

const holderScript = new URL("./holder.mjs", import.meta.url).pathname

/** Another process that has the folder open. */
async function holder(folder: string) {
  const child = spawn(process.execPath, [holderScript, folder], { stdio: ["pipe", "pipe", "inherit"] })
  const [line] = await once(createInterface(child.stdout), "line")
  expect(line).toBe("open")
  const end = async (how: () => void) => {
    const exited = once(child, "exit")
    how()
    await exited
  }
  return { pid: child.pid, kill: () => end(() => child.kill("SIGKILL")), close: () => end(() => child.stdin.end()) }
}

const refusal = (folder: string) =>
  openEmbeddedEngine({ folder }).then(
    () => undefined,
    (error: unknown) => error,
  )

describe("a data folder", () => {
  test("[STO1] a second process is refused, and told whose the folder is", async () => {
    const folder = freshFolder()
    const other = await holder(folder)
    expect(await refusal(folder)).toMatchObject({
      name: "EngineError",
      code: "in-use",
      message: expect.stringMatching(new RegExp(`in use by process ${other.pid}\\b.*stop the other one`)),
    })
    await other.close()
    const engine = await openEmbeddedEngine({ folder })
    await engine.close()
  })

  test("[STO1] the folder of a process that was killed can be opened at once", async () => {
    const folder = freshFolder()
    for (let round = 0; round < 3; round++) {
      const other = await holder(folder)
      await other.kill()
      const engine = await openEmbeddedEngine({ folder })
      await engine.close()
    }
  })

  test("[STO1] of processes that come at once at most one gets the folder, and then one can", async () => {
    const folder = freshFolder()
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, [holderScript, folder], { stdio: ["pipe", "pipe", "ignore"] }),
    )
    const first = (child: (typeof children)[number]) =>
      Promise.race([once(child.stdout, "data").then(() => "open"), once(child, "exit").then(() => "refused")])
    const outcomes = await Promise.all(children.map(first))
    expect(outcomes.filter((outcome) => outcome === "open").length).toBeLessThanOrEqual(1)
    const ends = children.map((child) => (child.exitCode === null ? once(child, "exit") : undefined))
    for (const child of children) child.kill("SIGKILL")
    await Promise.all(ends)
    await (await openEmbeddedEngine({ folder })).close()
  })

  test("[STO1] who was refused does no harm to who has the folder", async () => {
    const folder = freshFolder()
    const engine = await openEmbeddedEngine({ folder })
    const child = spawn(process.execPath, [holderScript, folder], { stdio: ["ignore", "pipe", "pipe"] })
    const [code] = await once(child, "exit")
    expect(code).not.toBe(0)
    await engine.log.create({ conversation: "c", nonce: "nonceOfBegin", bodies: ["{}"], members: [] })
    expect(
      await engine.log.read("c", startCursor, { entriesMax: 10, charsMax: Number.MAX_SAFE_INTEGER }),
    ).toMatchObject({ status: "tail", more: false })
    const again = spawn(process.execPath, [holderScript, folder], { stdio: ["ignore", "pipe", "pipe"] })
    expect((await once(again, "exit"))[0]).not.toBe(0)
    await engine.close()
  })

  test("[STO1] the same process is refused too, under any name of the folder", async () => {
    const folder = freshFolder()
    const engine = await openEmbeddedEngine({ folder })
    const other = join(freshFolder(), "link")
    symlinkSync(folder, other)
    for (const name of [folder, `${folder}/.`, other]) {
      expect(await refusal(name)).toMatchObject({ code: "in-use", message: expect.stringContaining("this process") })
    }
    await engine.close()
    await (await openEmbeddedEngine({ folder: other })).close()
  })

  test("[STO1] a folder is made where there is none", async () => {
    const folder = join(freshFolder(), "a", "b")
    await (await openEmbeddedEngine({ folder })).close()
  })

  test("[STO1] something that is not a folder is refused", async () => {
    const file = join(freshFolder(), "file")
    writeFileSync(file, "")
    for (const folder of [file, join(file, "below")]) {
      expect(await refusal(folder)).toMatchObject({ code: "unusable", message: expect.stringContaining(folder) })
    }
  })

  test.skipIf(!tmpfsWorks)("[STO1] a folder that cannot be written to is refused", async () => {
    await withTmpfs("1m", async (folder, remount) => {
      remount("ro")
      const message = expect.stringMatching(/read-only.*may write to/)
      expect(await refusal(folder)).toMatchObject({ code: "unusable", message })
    })
  })

  test.skipIf(!tmpfsWorks)("[STO1] a folder without room for a store is refused", async () => {
    await withTmpfs("64k", async (folder) => {
      expect(await refusal(folder)).toMatchObject({ code: "unusable", message: expect.stringMatching(/no space/i) })
    })
  })

  test("[STO1] a data file that is something else is refused, and so again", async () => {
    const folder = freshFolder()
    mkdirSync(join(folder, "store"))
    for (const content of ["not a database ".repeat(1_000), "short"]) {
      writeFileSync(join(folder, "store", "data.mdb"), content)
      const message = expect.stringMatching(/cannot be read.*not a data file.*restore a backup/)
      expect(await refusal(folder)).toMatchObject({ code: "unusable", message })
      expect(await refusal(folder)).toMatchObject({ code: "unusable", message })
    }
  })

  test("[STO1] a data file that was cut off is refused, or what is gone is an error and not the end of the process", async () => {
    const folder = freshFolder()
    const engine = await openEmbeddedEngine({ folder })
    await engine.log.create({ conversation: "c", nonce: "nonceOfBegin", bodies: ["{}"], members: [] })
    for (let index = 0; index < 50; index++) {
      await engine.log.append({ conversation: "c", nonce: `nonce${index}`, bodies: ["x".repeat(9_000)] })
    }
    await engine.close()
    truncateSync(join(folder, "store", "data.mdb"), 16_384)
    expect(await refusal(folder)).toMatchObject({ code: "unusable" })
  })

  test("[STO1] a store of another layout is refused", async () => {
    const folder = freshFolder()
    const engine = await openEmbeddedEngine({ folder })
    await engine.store.write(({ records }) => void records.put([0, "format"], "99"))
    await engine.close()
    expect(await refusal(folder)).toMatchObject({ code: "unusable", message: expect.stringContaining("layout 99") })
  })
})
