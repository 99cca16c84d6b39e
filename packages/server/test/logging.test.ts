import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@everthread/protocol"
import type { LoggingConfig } from "../src/config/index.ts"
import { createLog } from "../src/logging/index.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-log-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

function open(config: Partial<LoggingConfig> = {}, more: { isTTY?: boolean; secrets?: string[] } = {}) {
  const shown: string[] = []
  const terminal = { isTTY: more.isTTY ?? false, write: (text: string) => shown.push(text) }
  const full: LoggingConfig = {
    level: "info",
    format: "auto",
    folder: undefined,
    fileBytesMax: 1_048_576,
    filesMax: 3,
    ...config,
  }
  const log = createLog({ config: full, terminal, clock: systemClock, secrets: more.secrets ?? [] })
  return { ...log, shown }
}

const linesOf = (name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n")
const readLog = (name: string) => linesOf(name).map((line) => JSON.parse(line) as Record<string, unknown>)

describe("lines", () => {
  test("are JSON where nobody looks, with the level by name", () => {
    const { logger, shown } = open()
    logger.info({ port: 8765 }, "Listening")
    logger.debug("Not shown")
    expect(shown).toHaveLength(1)
    expect(JSON.parse(shown[0] ?? "")).toMatchObject({ level: "info", port: 8765, msg: "Listening" })
  })

  test("are for people on a terminal, with stacks below", () => {
    const { logger, shown } = open({}, { isTTY: true })
    logger.info({ port: 8765, note: "two words" }, "Listening")
    logger.error(new Error("It broke"))
    expect(shown[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}Listening {2}port=8765 {2}note="two words"\n$/)
    expect(shown[1]).toMatch(/It broke[\s\S]*\n {8}at /)
  })

  test("hold lists of texts below, ready to be copied", () => {
    const { logger, shown } = open({}, { isTTY: true })
    logger.info({ mend: ["first command", "second command"], ports: [1, 2] }, "Mend it")
    expect(shown[0]).toMatch(/INFO {2}Mend it {2}ports=\[1,2\]\n {4}first command\n {4}second command\n$/)
  })

  test("look as the format says, terminal or not", () => {
    const human = open({ format: "human" })
    human.logger.info("Hello")
    expect(human.shown[0]).toMatch(/INFO {2}Hello\n$/)
    const json = open({ format: "json" }, { isTTY: true })
    json.logger.info("Hello")
    expect(JSON.parse(json.shown[0] ?? "")).toMatchObject({ msg: "Hello" })
  })
})

describe("secrets", () => {
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"

  test.each<[string, object, string]>([
    ["a field", { token: "tok-1" }, "tok-1"],
    ["a header", { req: { headers: { authorization: "Bearer tok-2" } } }, "tok-2"],
    ["a nested field", { frame: { token: "tok-3" } }, "tok-3"],
    ["a token in an address", { url: `/ws?access=${jwt}` }, jwt],
    ["a token in an error", { err: new Error(`Bad ${jwt}`) }, jwt],
    ["a secret of the configuration", { note: 'redis://:hun"ter2@cache' }, "ter2@"],
  ])("[CFG3] are not in a line: %s", (_name, fields, leaked) => {
    const { logger, shown } = open({}, { secrets: ['redis://:hun"ter2@cache'] })
    logger.info(fields, "Something happened")
    expect(shown[0]).toContain("[redacted]")
    expect(shown[0]).not.toContain(leaked)
    JSON.parse(shown[0] ?? "")
  })
})

describe("files", () => {
  test("hold everything, and errors once more", () => {
    const { logger, flushSync } = open({ folder })
    logger.info("A")
    logger.error("B")
    flushSync()
    expect(readLog("everthread.log").map((line) => line["msg"])).toEqual(["A", "B"])
    expect(readLog("error.log").map((line) => line["msg"])).toEqual(["B"])
  })

  test("are written without being flushed", async () => {
    const { logger } = open({ folder })
    logger.info("A")
    await expect.poll(() => linesOf("everthread.log").length === 1 && linesOf("everthread.log")[0] !== "").toBe(true)
  })

  test("are put aside by size, kept by count, and lose no line that is kept", () => {
    const { logger, flushSync } = open({ folder, fileBytesMax: 2_000, filesMax: 3 })
    for (let n = 0; n < 200; n++) {
      logger.info({ n }, "A line of some length")
      flushSync()
    }
    const names = readdirSync(folder).filter((name) => name.startsWith("everthread"))
    expect(names.sort()).toEqual(["everthread.log", "everthread.log.1", "everthread.log.2", "everthread.log.3"])
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThan(2_200)
    const kept = names
      .sort()
      .reverse()
      .flatMap((name) => (statSync(join(folder, name)).size > 0 ? readLog(name) : []))
    const numbers = kept.map((line) => line["n"] as number)
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 200 - numbers.length + index))
  })

  test("go on where the process before stopped", () => {
    writeFileSync(join(folder, "everthread.log"), `${"x".repeat(1_990)}\n`)
    const { logger, flushSync } = open({ folder, fileBytesMax: 2_000 })
    logger.info("A")
    flushSync()
    expect(existsSync(join(folder, "everthread.log.1"))).toBe(true)
  })

  test("a folder that cannot be written is refused at start", () => {
    writeFileSync(join(folder, "file"), "")
    expect(() => open({ folder: join(folder, "file") })).toThrow(/logging.folder .* cannot be written/)
  })

  test.runIf(existsSync("/dev/full"))("a full disk is said once and harms nothing", () => {
    symlinkSync("/dev/full", join(folder, "everthread.log"))
    const { logger, flushSync, shown } = open({ folder, level: "info" })
    for (let n = 0; n < 20_000; n++) logger.info({ n }, "A line that has no place anywhere at all, and is long enough")
    flushSync()
    flushSync()
    logger.error("An error")
    flushSync()
    expect(shown.filter((text) => text.includes("cannot be written"))).toHaveLength(1)
    expect(readLog("error.log")).toHaveLength(1)
  })
})
