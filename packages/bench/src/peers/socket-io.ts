/** Two Socket.IO 4.8 servers with connection state recovery on the Redis streams adapter, and its own client on devices. */
import { fileURLToPath } from "node:url"
import { type Clock, systemClock } from "@everthread/protocol"
import { startRedis } from "@everthread/stage"
import type { ChurnStage, Contestant } from "../churn/contestant.ts"
import { PeerProcess } from "../churn/peer-process.ts"
import { nodeCount } from "../churn/plan.ts"
import { enterSocketIo } from "./socket-io-device.ts"

export const socketIo: Contestant = {
  name: "Socket.IO",
  about:
    "4.8.4 with connection state recovery on @socket.io/redis-streams-adapter 0.3.1, WebSocket only, heartbeat 1 s, " +
    "messages sent again until acknowledged, their keys kept in Redis",
  open: () => openSocketIo(),
}

const file = fileURLToPath(new URL("../../nodes/socket-io.mjs", import.meta.url))

export async function openSocketIo(clock: Clock = systemClock): Promise<ChurnStage> {
  const redis = await startRedis()
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    const portIn = async (said: string) => Number(/serving on (\d+)/.exec(said)?.[1] ?? 0) || undefined
    return new PeerProcess({
      name: `socket-io-${index + 1}`,
      command: process.execPath,
      args: [file, redis.url],
      portIn,
    })
  })
  await Promise.all(nodes.map((node) => node.start()))
  return {
    redis,
    nodes,
    enter: (person, room, way) => enterSocketIo(person, room, `ws://127.0.0.1:${way.port}`, clock),
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()))
      await redis.stop()
    },
  }
}
