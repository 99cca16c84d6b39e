/** Having an agent answer anew, over real sockets; a worker's part is written by the test. */

import { freshNonce } from "@everthread/engine"
import { type EventBody, isOpen, systemRandom } from "@everthread/protocol"
import { beginRun, endRun } from "../support/acting-worker.ts"
import { time } from "../support/bodies.ts"
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ agents: ["scribe"] })
let made = 0

async function room() {
  const conversation = `anew-${++made}`
  const [ada, bob] = await Promise.all([current().connect({ user: "ada" }), current().connect({ user: "bob" })])
  await ada.must({ type: "create", key: "k", conversation, agent: "scribe", members: ["bob"] })
  await Promise.all([ada.follow(conversation), bob.follow(conversation)])
  const state = () => ada.log(conversation).state
  const until = async (seq: unknown, ...devices: NativeClient[]) => {
    for (const device of devices)
      await device.until(`${seq} is here`, () => device.log(conversation).seq >= Number(seq))
  }
  const ask = async (device: NativeClient, text: string) => {
    const { ref, seq } = await device.must({ type: "send", key: text, conversation, text })
    await until(seq, ada, bob)
    return state().runs.find((run) => run.message === ref)?.id ?? ""
  }
  /** A whole turn. @returns the run. */
  const turn = async (device: NativeClient, text: string) => {
    const run = await ask(device, text)
    const { engine } = current()
    const fence = await beginRun(engine, conversation, run)
    const said: EventBody[] = [
      {
        type: "agent",
        time,
        run,
        method: "checkpoints",
        ns: [],
        data: { id: `cp-${run}`, parent_id: `before-${run}` },
      },
      { type: "agent", time, run, method: "messages", ns: [], message: `of-${run}`, data: { event: "message-start" } },
      { type: "agent", time, run, method: "messages", ns: [], message: `of-${run}`, data: { event: "message-finish" } },
    ]
    const bodies = said.map((body) => JSON.stringify(body))
    await engine.log.append({ conversation, nonce: freshNonce(systemRandom), bodies, fence })
    await endRun(engine, conversation, fence, run)
    for (const device of [ada, bob])
      await device.until("the end of the run", () => !device.log(conversation).state.runs.some(isOpen))
    return run
  }
  return { conversation, ada, bob, state, until, ask, turn }
}

const said = (device: NativeClient, conversation: string) => device.log(conversation).state.messages.map(({ id }) => id)

test("[RUN9] what was said is gone on every device in the very frame that asks for it anew", async () => {
  const { conversation, ada, bob, until, turn, state } = await room()
  const run = await turn(ada, "one")
  expect(said(bob, conversation)).toContain(`of-${run}`)
  const { ref, seq } = await ada.must({ type: "regenerate", key: "r", conversation, run })
  await until(seq, ada, bob)
  for (const device of [ada, bob]) expect(said(device, conversation)).not.toContain(`of-${run}`)
  const frame = bob.frames.findLast((one) => one.type === "events")
  expect(frame).toMatchObject({ events: [{ type: "rewind" }, { type: "run.queued", run: ref }] })
  expect(state().runs.at(-1)).toMatchObject({
    id: ref,
    status: "queued",
    message: state().runs[0]?.message,
    again: { run, from: `before-${run}` },
    before: `before-${run}`,
  })
  expect((await current().engine.leases.openRuns()).find((open) => open.run === ref)).toMatchObject({
    about: { agent: "scribe", user: "ada" },
  })
})

test("[RUN9] [ACK3] a repeat is told what it asked for first; of two who ask at once one is heard", async () => {
  const { conversation, ada, bob, turn, state } = await room()
  const run = await turn(bob, "one")
  const request = { type: "regenerate", conversation, run }
  const [first, again] = await Promise.all([
    ada.must({ ...request, key: "r" }).then(
      (ok) => ok,
      (error: unknown) => error,
    ),
    bob.must({ ...request, key: "s" }).then(
      (ok) => ok,
      (error: unknown) => error,
    ),
  ])
  expect([first, again].filter((answer) => answer instanceof Error)).toHaveLength(1)
  await ada.until("the second run", () => state().runs.length === 2)
  const heard =
    first instanceof Error ? { device: bob, key: "s", answer: again } : { device: ada, key: "r", answer: first }
  const repeat = await heard.device.must({ ...request, key: heard.key })
  expect(repeat).toEqual({ ...(heard.answer as object), duplicate: true })
  expect(state().runs).toHaveLength(2)
})

test("[RUN9] it is refused while the run goes on, for one that is not the last, and for what was never there", async () => {
  const { conversation, ada, turn, ask } = await room()
  const anew = (run: string) => ada.refusal({ type: "regenerate", key: `k-${run}`, conversation, run })
  const run = await turn(ada, "one")
  await turn(ada, "two")
  expect(await anew(run)).toMatchObject({ code: "not_found", field: "run" })
  expect(await anew(await ask(ada, "three"))).toMatchObject({ code: "busy" })
  expect(await anew("nowhere")).toMatchObject({ code: "not_found", field: "run" })
})

test("[RUN9] a message that was taken back is answered no more", async () => {
  const { conversation, ada, state, turn } = await room()
  const run = await turn(ada, "one")
  await ada.must({ type: "redact", key: "x", conversation, message: state().runs[0]?.message })
  expect(await ada.refusal({ type: "regenerate", key: "r", conversation, run })).toMatchObject({ code: "not_found" })
})

test("[RUN9] [CON5] it is for who asked and for owners", async () => {
  const { conversation, ada, bob, turn } = await room()
  const stranger = await current().connect({ user: "eve" })
  const [adas, request] = [await turn(ada, "one"), { type: "regenerate", key: "r", conversation }]
  expect(await bob.refusal({ ...request, run: adas })).toMatchObject({ code: "forbidden" })
  expect(await stranger.refusal({ ...request, run: adas })).toMatchObject({ code: "not_member" })
  const bobs = await turn(bob, "two")
  await ada.must({ ...request, run: bobs })
})

test("[RUN9] a run that was taken out of the queue stands in nobody's way, and may be had after all", async () => {
  const { conversation, ada, until, ask, turn, state } = await room()
  const run = await turn(ada, "one")
  const waiting = await ask(ada, "two")
  const { seq } = await ada.must({ type: "stop", key: "stop", conversation, run: waiting })
  await until(seq, ada)
  const { engine } = current()
  const fence = await engine.leases.claim({ conversation, run: waiting, node: "w", nonce: "x", instead: undefined })
  if (!fence) throw new Error("not claimed")
  await engine.log.append({
    conversation,
    nonce: freshNonce(systemRandom),
    bodies: [JSON.stringify({ type: "run.ended", time, run: waiting, outcome: "stopped" } satisfies EventBody)],
    fence,
    release: true,
  })
  await ada.until("the end", () => !state().runs.some(isOpen))
  await ada.must({ type: "regenerate", key: "r", conversation, run })
})
