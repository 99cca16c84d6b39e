/** docs/simple-protocol.md tells the truth: what it sends is sent to a server, and what it shows is what comes. */
import { readFileSync } from "node:fs"
import { closeCodeOf, type ErrorCode } from "@everthread/protocol"
import type { Frame } from "./support/simple-client.ts"
import { simpleNode } from "./support/simple-node.ts"
import { SimulatedRun } from "./support/simulated-agent.ts"

const page = readFileSync(new URL("../../../../docs/simple-protocol.md", import.meta.url), "utf8")

interface Block {
  readonly mark: string
  readonly frames: readonly Frame[]
}

const blocks: Block[] = [...page.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, mark = "", lines = ""]) => ({
  mark,
  frames: lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Frame),
}))

const times = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
/** Fields that differ from one run to the next, and what they look like. */
const looks: Readonly<Record<string, RegExp>> = {
  timestamp: times,
  last_active: times,
  session_id: /^\w{12}$/,
}

/** @returns the frame as the page shows it, its changing fields as what they have to look like. */
function shape(shown: unknown, key = ""): unknown {
  if (Array.isArray(shown)) return shown.map((each) => shape(each))
  if (typeof shown === "object" && shown !== null) {
    return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, shape(value, name)]))
  }
  if (key === "cursor" && shown !== "0-0")
    return expect.stringMatching(new RegExp(`^${String(shown).split("-")[0]}-\\w+$`))
  // A name that the server made up.
  if (key === "message_id" && /^\w{12}$/.test(String(shown))) return expect.stringMatching(/^\w{12}$/)
  return looks[key] ? expect.stringMatching(looks[key]) : shown
}

const node = simpleNode()

test("the page's conversation is what a client and a server say to each other, frame by frame", async () => {
  const client = await node().open()
  let probe = client
  let answers = client
  for (const { mark, frames } of blocks.filter(({ mark }) => mark !== "stream")) {
    for (const frame of frames) {
      if (mark === "probe") probe = await node().open()
      if (mark === "down") expect(await answers.next()).toEqual(shape(frame))
      else {
        answers = mark === "probe" ? probe : client
        answers.send(frame)
      }
    }
    if (mark === "down" && answers === probe && probe !== client) await probe.close()
  }
  expect(blocks.filter(({ mark }) => mark === "up").length).toBeGreaterThan(10)
})

test("the page's stream is what an agent's answer looks like", async () => {
  const ann = await node().connect("ann", "desk", { conversation_id: "stories", agent: "scribe" })
  const reader = await node().connect("bob", "desk", { conversation_id: "stories", stream: true })
  await ann.text("a tale, please", "m-1")
  await reader.next("text")
  const run = await SimulatedRun.claim(node().engine, "stories")
  await run.answer("answer-1", "Once upon ", "a time.")
  await run.begin("answer-2")
  await run.say("answer-2", 0, "It was a dark ")
  await run.rewind(2, "answer-2")
  const seen = blocks.filter(({ mark }) => mark === "stream").flatMap(({ frames }) => frames)
  for (const frame of seen) {
    const places = { seq: expect.any(Number), cursor: expect.any(String), conversation_id: "stories" }
    const shown = shape(frame) as object
    expect(await reader.next()).toEqual(frame.type === "text" ? { ...shown, ...places } : shown)
  }
})

test("[ERR2] the page's close codes are the table's", () => {
  const rows = [...page.matchAll(/\| `(\w+)` \| (\d{4}) \|$/gm)]
  expect(rows).toHaveLength(5)
  for (const [, code = "", close] of rows) {
    if (code !== "limit_reached") expect(closeCodeOf[code as ErrorCode]).toBe(Number(close))
  }
})

test("the page has no frame that nobody tries", () => {
  expect(new Set(blocks.map(({ mark }) => mark))).toEqual(new Set(["up", "down", "probe", "stream"]))
  expect(page.match(/^```json/gm)).toHaveLength(blocks.length)
})
