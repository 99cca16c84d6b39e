/** The store that is simulated against the contract of all engines: what is found on it would be found on them. */
import { engineContract } from "@everthread/engine/contract"
import { systemClock } from "@everthread/protocol"
import { PresenceBoard } from "../src/engine/presence.ts"
import { PubSub } from "../src/engine/pub-sub.ts"
import { simEngine } from "../src/engine/sim-engine.ts"
import { StoreLink } from "../src/engine/store-link.ts"
import { SimStore } from "../src/store/sim-store.ts"
import { Host } from "../src/world/host.ts"
import { Scheduler } from "../src/world/scheduler.ts"
import { streamOf } from "../src/world/seeded-random.ts"

const stepMs = 5

/** The tests wait for what they asked, in real time: so time goes on by itself here. */
function freeRunning(scheduler: Scheduler): () => void {
  let isOver = false
  const run = async () => {
    while (!isOver) await scheduler.runUntil(() => isOver, scheduler.nowMs + stepMs)
  }
  void run()
  return () => {
    isOver = true
  }
}

engineContract("the simulated engine", async () => {
  const scheduler = new Scheduler()
  const nowMs = () => scheduler.nowMs
  const store = new SimStore()
  const storeHost = new Host("store", scheduler, streamOf(1, "store"))
  const pubSub = new PubSub(streamOf(1, "pub-sub"), nowMs)
  const presence = new PresenceBoard()
  const stop = freeRunning(scheduler)
  let opened = 0
  const open = () => {
    const host = new Host("node", scheduler, streamOf(1, `node ${opened++}`))
    const delayMs = () => ({ least: 0.1, most: 0.5 })
    const link = new StoreLink({ node: host, store: storeHost, nowMs, delayMs })
    return simEngine({ host, link, store, pubSub, presence, clock: systemClock })
  }
  let engine = open()
  return {
    engine,
    async reopen() {
      await engine.close()
      engine = open()
      return engine
    },
    async close() {
      await engine.close()
      stop()
    },
  }
})
