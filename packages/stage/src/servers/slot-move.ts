/**
 * Moving one slot from a master to another while clients use it, step by step as `redis-cli --cluster reshard` does.
 *
 * Between the first and the last step the source answers for the keys it still has and sends clients on (`ASK`) for all
 * others, new ones included; that is why the source gets no new keys while the last ones leave.
 */
import { selfOf } from "./cluster-view.ts"
import type { RedisServer } from "./redis-server.ts"

const keysPerStep = 100
const migrateMsMax = 5_000

export async function moveSlot(
  slot: number,
  from: RedisServer,
  to: RedisServer,
  nodes: readonly RedisServer[],
): Promise<void> {
  if (from === to) return
  await openSlot(slot, from, to)
  await moveKeys(slot, from, to)
  await handOverSlot(slot, from, to, nodes)
}

/** The target first: otherwise the source would send clients to a node that sends them back. */
export async function openSlot(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
  await to.cli("CLUSTER", "SETSLOT", slot, "IMPORTING", (await selfOf(from)).id)
  await from.cli("CLUSTER", "SETSLOT", slot, "MIGRATING", (await selfOf(to)).id)
}

export async function moveKeys(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
  const { password } = from.plan
  const auth = password === undefined ? [] : ["AUTH", password]
  for (;;) {
    const keys = await from.command("CLUSTER", "GETKEYSINSLOT", slot, keysPerStep)
    if (!Array.isArray(keys) || keys.length === 0) return
    await from.cli("MIGRATE", "127.0.0.1", to.port, "", 0, migrateMsMax, ...auth, "KEYS", ...keys.map(String))
  }
}

/** The target first: otherwise nobody would own the slot for a moment. The others would hear of it, but later. */
export async function handOverSlot(
  slot: number,
  from: RedisServer,
  to: RedisServer,
  nodes: readonly RedisServer[],
): Promise<void> {
  const { id } = await selfOf(to)
  for (const node of [to, from, ...nodes.filter((other) => other !== to && other !== from)]) {
    const isMaster = (await selfOf(node)).flags.includes("master")
    if (isMaster) await node.cli("CLUSTER", "SETSLOT", slot, "NODE", id)
  }
}
