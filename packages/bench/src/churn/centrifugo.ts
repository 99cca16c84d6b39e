/** Two Centrifugo 6 over one Redis, with history, positioning and recovery on, and its own JavaScript client on devices. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Clock, systemClock } from "@everthread/protocol"
import { startRedis } from "@everthread/stage"
import { type Centrifugo, findCentrifugo, startCentrifugo } from "../peers/centrifugo.ts"
import { type CentrifugeModule, enterCentrifugo } from "./centrifugo-device.ts"
import type { ChurnNode, ChurnStage, Contestant } from "./contestant.ts"
import { installed } from "./installed.ts"
import { nodeCount } from "./plan.ts"

const client = { name: "centrifuge-5.8.0", dependencies: { centrifuge: "5.8.0" } }

export const centrifugo: Contestant = {
  name: "Centrifugo",
  about:
    "6 with its Redis engine, history, force_positioning and force_recovery, centrifuge 5.8.0 on devices, messages " +
    "published with an idempotency key until taken",
  open: () => openCentrifugo(),
}

export async function openCentrifugo(clock: Clock = systemClock): Promise<ChurnStage | { readonly missing: string }> {
  const found = await findCentrifugo()
  if ("missing" in found) return found
  const packages = await installed(client)
  if ("missing" in packages) return { missing: `Centrifugo is left out: ${packages.missing}` }
  const url = pathToFileURL(join(packages.folder, "node_modules/centrifuge/build/index.mjs"))
  const module = (await import(url.href)) as CentrifugeModule
  const redis = await startRedis()
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    return nodeOf(`centrifugo-${index + 1}`, () => startCentrifugo(found.file, redis.url))
  })
  await Promise.all(nodes.map((node) => node.start()))
  return {
    redis,
    nodes,
    enter: (person, room, way) => enterCentrifugo(module, person, room, `127.0.0.1:${way.port}`, clock),
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()))
      await redis.stop()
    },
  }
}

function nodeOf(name: string, start: () => Promise<Centrifugo>): ChurnNode {
  let running: Centrifugo | undefined
  const signal = (which: NodeJS.Signals) => running && void process.kill(running.pid, which)
  return {
    name,
    get port() {
      return running?.port
    },
    async start() {
      running = await start()
    },
    async kill() {
      const ending = running
      running = undefined
      await ending?.stop()
    },
    freeze: async () => signal("SIGSTOP"),
    thaw: () => void signal("SIGCONT"),
  }
}
