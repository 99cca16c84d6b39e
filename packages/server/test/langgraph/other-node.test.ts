/** A stock client that is cut off in the middle of a run and comes back on another node: no gap, and nothing twice. */
import { twoNodes } from "../nodes/two-nodes.ts"
import { claimNext, fresh, stage } from "./support/nodes.ts"
import { deltasOf } from "./support/stock.ts"

const nodes = twoNodes({ agents: ["scribe"] })
const { device, page } = stage(() => nodes().a.port)

const words = (count: number) => Array.from({ length: count }, (_, at) => `word${at} `)

test("[LGR3] [NOD1] the client is told every token once, under the ids that the first node gave them", async () => {
  const thread = fresh()
  let reached = nodes().a.port
  const ada = device(thread, { user: "ada", reach: () => reached })
  const id = await ada.say("Tell me", "m-1")
  await ada.watch()
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${id}.0`)
  const [first, second] = [words(10), words(20)]
  let at = 0
  const say = async (pieces: readonly string[]) => {
    for (const piece of pieces) {
      await run.say(`${id}.0`, at, piece)
      at += piece.length
    }
  }
  await say(first)
  await ada.until("the first words", () => ada.words() === first.join(""))
  reached = nodes().b.port
  ada.drop()
  await say(second.slice(0, 10))
  await ada.until("the words since", () => ada.words() === [...first, ...second.slice(0, 10)].join(""))
  await say(second.slice(10))
  await run.finish(`${id}.0`, [...first, ...second].join(""))
  await run.end()
  await ada.ended()
  expect(ada.words()).toBe([...first, ...second].join(""))
  // The run was told anew after the drop, so there was something to leave out; and what came twice was the same.
  const twice = ada.raw.filter(({ event_id }, index) => ada.raw.findIndex((told) => told.event_id === event_id) < index)
  expect(deltasOf(twice).join("")).toContain(first.join(""))
  for (const told of twice) expect(ada.raw.filter(({ event_id }) => event_id === told.event_id)).toContainEqual(told)
  expect(ada.sockets).toHaveLength(2)
})

test.each(["websocket", "sse"] as const)("[LGR3] [NOD1] so is a page with the hook, over %s", async (transport) => {
  const thread = fresh()
  let reached = nodes().a.port
  const ada = await page({ thread, transport, user: "ada", reach: () => reached })
  await ada.settled()
  const submitted = ada.submit("Tell me")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await ada.until(({ texts }) => texts[1] === "Once ")
  reached = nodes().b.port
  if (transport === "websocket") ada.drop()
  else ada.cutStreams()
  await run.say(`${run.run}.0`, 5, "upon ")
  await ada.until(({ texts }) => texts[1] === "Once upon ")
  await run.say(`${run.run}.0`, 10, "a time")
  await run.finish(`${run.run}.0`, "Once upon a time")
  await run.end()
  await submitted
  await ada.settled()
  expect(ada.texts).toEqual(["Tell me", "Once upon a time"])
  // What was shown only grew: no word was shown twice, or taken back, on the way.
  const shown = ada.rendered.flatMap((bubbles) => bubbles.filter(({ type }) => type === "ai").map(({ text }) => text))
  for (const text of shown) expect("Once upon a time").toMatch(new RegExp(`^${text}`))
})

test("[LGR4] [NOD1] a run that was started on a node that did not answer any more is started once", async () => {
  const thread = fresh()
  const first = device(thread, { user: "ada" })
  const id = await first.say("Once only", "m-1")
  const second = device(thread, { user: "ada", port: nodes().b.port })
  expect(await second.say("Once only", "m-1")).toBe(id)
})
