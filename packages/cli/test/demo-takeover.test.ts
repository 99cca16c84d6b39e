/** The real `everthread demo takeover` in a process of its own, on pipes; and what it counts with. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { EventBody, LogEvent } from "@everthread/protocol"
import { emptyState } from "@everthread/protocol"
import { startRedis } from "@everthread/stage"
import stringWidth from "string-width"
import { noPaint } from "../src/chat/style.ts"
import { Shown } from "../src/demo-takeover/shown.ts"
import { takeoverTexts } from "../src/demo-takeover/texts.ts"
import { type Check, judgeTakeover } from "../src/demo-takeover/verdict.ts"
import { verdictRows } from "../src/demo-takeover/verdict-rows.ts"
import { ran } from "./fake-context.ts"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))

describe("the show", () => {
  let folder: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "everthread-takeover-test-"))
  })
  afterEach(async () => {
    const running = children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
    await Promise.all(running.map((child) => child.kill("SIGKILL") && once(child, "close")))
    rmSync(folder, { recursive: true })
  })

  /** @param awaited resolves `said` when this was said. */
  function takeover(args: readonly string[], awaited = "\n") {
    const child = spawn(process.execPath, [bin, "demo", "takeover", "--fast", "--port", "0", ...args], {
      env: { PATH: process.env["PATH"] ?? "", LANG: "C", TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    })
    children.push(child)
    let out = ""
    let err = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text
    })
    const said = new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text
        if (out.includes(awaited)) resolve()
      })
    })
    const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }))
    return { child, said, ended }
  }

  test("[RUN3] without Redis the one node is killed and started again, and the story is the undisturbed one", async () => {
    const { code, out, err } = await takeover(["--no-redis", "--json"]).ended
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const { ok, store, takeover: counted, checks } = JSON.parse(out)
    expect({ ok, store, wrong: checks.filter((check: Check) => !check.ok) }).toEqual({
      ok: true,
      store: "embedded",
      wrong: [],
    })
    expect(counted).toMatchObject({ from: 1, to: 1, retracted: expect.stringContaining("One evening the wheel") })
    expect(readdirSync(folder)).toEqual([])
  })

  test("[RUN3] with Redis another node goes on, which is told line by line, without a single escape code", async () => {
    const redis = await startRedis()
    try {
      const { code, out, err } = await takeover(["--redis", redis.url]).ended
      const keys = (await redis.cli("KEYS", "*")).split("\n")
      expect(keys.filter((key) => !key.startsWith("everthread:demo:"))).toEqual([])
      expect({ code, err }).toEqual({ code: 0, err: "" })
      expect(out).not.toContain("\u001b")
      const parts = [
        "Three nodes",
        "speaks, attempt 1",
        "kill -9",
        "Recovering on node",
        "Taken back",
        "promised",
        "All 502",
      ]
      const places = parts.map((part) => out.indexOf(part))
      expect(places).not.toContain(-1)
      expect([...places].sort((one, other) => one - other)).toEqual(places)
      const killed = /that was node (\d)/.exec(out)?.[1]
      expect(/Recovering on node (\d), attempt 2/.exec(out)?.[1]).not.toBe(killed)
    } finally {
      await redis.stop()
    }
  })

  test("Ctrl-C in the middle of the story ends the nodes, removes the folder, and ends with 130", async () => {
    const { child, said, ended } = takeover(["--no-redis"], "speaks, attempt 1")
    await said
    child.kill("SIGINT")
    expect(await ended).toMatchObject({ code: 130, err: expect.stringContaining("Stopped") })
    expect(readdirSync(folder)).toEqual([])
  })
})

test("its help teaches, in both languages, and flags that are wrong are explained", async () => {
  expect((await ran(["demo", "takeover", "--help"])).out).toContain("npx everthread demo takeover --no-redis")
  expect((await ran(["demo", "takeover", "--help"], { language: "zh" })).out).toContain("接管")
  expect((await ran(["demo", "--help"])).out).toContain("takeover")
  expect(await ran(["demo", "takeover", "--port", "65534"])).toMatchObject({ code: 2 })
  expect(await ran(["demo", "--debug", "--port", "x"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("65533"),
  })
})

describe("what it counts with", () => {
  const story = ["one two", "three four"]
  const said = (message: string, text: string): EventBody[] => [
    agentSays(message, { event: "message-start", role: "ai" }),
    agentSays(message, { event: "content-block-start", index: 0, content: { type: "text", text: "" } }),
    { type: "delta", message, block: 0, at: 0, text },
  ]
  const agentSays = (message: string, data: Record<string, string | number | Record<string, string>>): EventBody => {
    return { type: "agent", time: 1, run: "r", method: "messages", ns: [], message, data }
  }
  const attempt = (number: number): EventBody => {
    return { type: "run.attempt", time: 1, run: "r", attempt: number, node: `n${number}` }
  }
  const by = { user: "ada", device: "laptop" }
  const asked: EventBody = { type: "message", time: 1, by, id: "m", key: "k", text: "tell" }
  const ended: EventBody = { type: "run.ended", time: 1, run: "r", outcome: "completed" }
  const rewind: EventBody = { type: "rewind", time: 1, run: "r", attempt: 2, messages: ["b"] }
  const good = [asked, attempt(1), ...said("a", "one two"), ...said("b", "three "), attempt(2), rewind]

  function shown(bodies: readonly EventBody[]): Shown {
    const device = new Shown(story)
    const events = bodies.map((body, index) => ({ ...body, seq: index + 1 }) as LogEvent)
    device.take({ type: "events", prev: "0-0", cursor: "1-1", events, state: emptyState })
    return device
  }
  const wrong = (device: Shown) =>
    judgeTakeover(story, [device], device).flatMap(({ ok, promise }) => (ok ? [] : [promise]))

  test("[RUN3] what is taken back and told again is as promised", () => {
    const device = shown([...good, ...said("c", "three four"), ended])
    expect(wrong(device)).toEqual([])
    expect(device).toMatchObject({ retracted: ["three "], keptChapters: 1, attempts: ["n1", "n2"] })
  })

  test("[RUN3] words that stay beside those that are told again are counted, also if they go later", () => {
    const late = [...good.slice(0, -1), ...said("c", "three "), rewind, ...said("d", "three four"), ended]
    expect(wrong(shown(late))).toContain("wrongMoments")
    expect(wrong(shown([...good.slice(0, -1), ...said("c", "three four"), ended]))).toContain("sameText")
  })

  test("a story that is not told to its end, or ends twice, is not as promised", () => {
    expect(wrong(shown([...good, ended]))).toEqual(["sameText"])
    expect(wrong(shown([...good, ...said("c", "three four"), ended, ended]))).toEqual(["ended"])
  })

  test.each(["en", "zh"] as const)("its table in %s fits on 80 columns, and says what is wrong", (language) => {
    const checks = judgeTakeover(story, [shown(good)], shown(good))
    const rows = verdictRows(checks, noPaint, takeoverTexts[language])
    expect(Math.max(...rows.map((row) => stringWidth(row)))).toBeLessThan(80)
    expect(rows.join("\n")).toContain(takeoverTexts[language].wrong)
  })
})
