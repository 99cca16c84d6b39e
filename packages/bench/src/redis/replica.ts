/** A replica of a bench's server, in step with it. */
import { setTimeout as pause } from "node:timers/promises"
import { type BenchServer, startServer } from "./server.ts"

const pollMs = 20
const waitMsMax = 10_000

export async function startReplica(master: BenchServer): Promise<BenchServer> {
  const { hostname, port } = new URL(master.url)
  const replica = await startServer(master.durability, { replicaof: `${hostname} ${port}` })
  for (let waitedMs = 0; waitedMs < waitMsMax; waitedMs += pollMs) {
    if (/state=online/.test(String(await master.control.send("INFO", "replication")))) return replica
    await pause(pollMs)
  }
  await replica.stop()
  throw new Error("the replica did not get in step")
}
