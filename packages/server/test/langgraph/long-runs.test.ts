/** Runs that are longer than what a snapshot leaves of the log: whoever comes late, or again, has the whole answer once. */
import type { EventBody } from "@everthread/protocol"
import type { SimulatedRun } from "../simple/support/simulated-agent.ts"
import { nodeForTests } from "../support/start-node.ts"
import { claimNext, fresh, stage } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe"] })
const { device, page } = stage(() => node().port)

/** Says so many pieces, many in one append. @returns the words so far. */
async function sayMany(run: SimulatedRun, message: string, before: string, count: number): Promise<string> {
  let text = before
  const bodies: EventBody[] = []
  for (let said = 0; said < count; said++) {
    const piece = `${text.length} `
    bodies.push({ type: "delta", message, block: 0, at: text.length, text: piece })
    text += piece
  }
  for (let at = 0; at < bodies.length; at += 100) await run.append(...bodies.slice(at, at + 100))
  return text
}

async function snapshotTaken(thread: string): Promise<void> {
  await vi.waitUntil(async () => await node().engine.log.snapshot(thread), { timeout: 30_000 })
}

/** The log's beginning is gone: a replay from there is not possible any more. */
async function trimmed(thread: string): Promise<void> {
  const read = () => node().engine.log.read(thread, "0-0", { entriesMax: 1, charsMax: 1 })
  await vi.waitUntil(async () => (await read()).status === "trimmed", { timeout: 30_000 })
}

test("[LGR2] [LGR3] behind a snapshot the events have the ids that they had live", async () => {
  const thread = fresh()
  const first = device(thread, { user: "ada" })
  const id = await first.say("Count", "m-1")
  await first.watch()
  const run = await claimNext(node(), thread)
  await run.begin(`${id}.0`)
  const text = await sayMany(run, `${id}.0`, "", 700)
  await snapshotTaken(thread)
  const late = device(thread, { user: "bob" })
  await late.watch()
  await run.finish(`${id}.0`, text)
  await run.end()
  const said = (one: typeof first) =>
    one.told.filter(({ method }) => method === "messages").map(({ event_id }) => event_id)
  for (const one of [first, late]) {
    await one.ended()
    expect(one.words()).toBe(text)
  }
  expect(said(late)).toEqual(said(first))
})

test("[LGR3] where the log does not reach back, the run is said anew out of the snapshot, and goes on from there", async () => {
  const thread = fresh()
  const ada = await page({ thread, transport: "websocket", user: "ada" })
  await ada.settled()
  const submitted = ada.submit("Count")
  const run = await claimNext(node(), thread)
  const id = `${run.run}.0`
  await run.begin(id)
  let text = await sayMany(run, id, "", 3_400)
  await trimmed(thread)
  text = await sayMany(run, id, text, 50)
  await ada.until(({ texts }) => texts[1] === text)
  ada.drop()
  const late = device(thread, { user: "bob" })
  await late.watch()
  await late.until("the words so far", () => late.words() === text)
  const again = await page({ thread, transport: "sse", user: "cleo" })
  await again.until(({ texts }) => texts[1] === text)
  text = await sayMany(run, id, text, 50)
  for (const one of [ada, again]) await one.until(({ texts }) => texts[1] === text)
  await run.finish(id, text)
  await run.end()
  await submitted
  await late.ended()
  expect(late.words()).toBe(text)
  for (const one of [ada, again]) {
    await one.settled()
    expect(one.texts).toEqual(["Count", text])
  }
})
