/** How many are before a run, as one device shows it. */
import type { LogEvent } from "@everthread/protocol"
import { events } from "./support/frames.ts"
import { liveScene, reconnect } from "./support/scene.ts"

const by = { user: "ada", device: "laptop" }
const queued = (seq: number, run: string): LogEvent => ({
  type: "run.queued",
  seq,
  time: 0,
  by,
  run,
  agent: "a",
  message: "one",
})
const begun = (seq: number, run: string): LogEvent => ({
  type: "run.attempt",
  seq,
  time: 0,
  run,
  attempt: 1,
  node: "n",
})

async function waitingScene() {
  const scene = await liveScene()
  const { sockets } = scene
  const tell = (run: string, position: number) =>
    sockets.newest.receive({ type: "queue", conversation: "c", run, position })
  return { ...scene, tell, places: () => [...scene.c.snapshot().positions] }
}

describe("[AGT5] places in the line", () => {
  test("are shown for as long as the run waits, whatever frames were lost", async () => {
    const { sockets, tell, places } = await waitingScene()
    sockets.newest.receive(events("2-b", "4-d", queued(3, "r1"), queued(4, "r2")))
    tell("r1", 2)
    tell("r2", 3)
    tell("r1", 1)
    expect(places()).toEqual([
      ["r1", 1],
      ["r2", 3],
    ])
    sockets.newest.receive(events("4-d", "5-e", begun(5, "r1")))
    expect(places()).toEqual([["r2", 3]])
    tell("r2", 0)
    expect(places()).toEqual([])
  })

  test("of a run that is not known yet are shown when it is", async () => {
    const { sockets, tell, places } = await waitingScene()
    tell("r1", 4)
    expect(places()).toEqual([])
    sockets.newest.receive(events("2-b", "3-c", queued(3, "r1")))
    expect(places()).toEqual([["r1", 4]])
  })

  test("are forgotten with the connection, and keep their identity while nothing has changed", async () => {
    const { c, client, clock, sockets, tell, places, ...world } = await waitingScene()
    sockets.newest.receive(events("2-b", "3-c", queued(3, "r1")))
    tell("r1", 1)
    const before = c.snapshot()
    tell("r1", 1)
    expect(c.snapshot()).toBe(before)
    await reconnect({ ...world, client, clock, sockets })
    expect(places()).toEqual([])
  })
})
