/** Replication between two servers, without anybody who watches over it. */
import { RedisServer } from "./redis-server.ts"
import type { RedisConfig } from "./server-config.ts"
import { until } from "./until.ts"

/** Starts a replica with the settings of `of`, and waits until it holds what `of` holds. */
export async function startReplica(of: RedisServer, config: RedisConfig = {}): Promise<RedisServer> {
  const replicaof = `127.0.0.1 ${of.port}`
  const replica = await RedisServer.start({
    ...of.plan,
    disk: undefined,
    config: { ...of.plan.config, ...config, replicaof },
  })
  await inSync(replica)
  return replica
}

/** Resolves when the replica has loaded its master's data and follows it. */
export async function inSync(replica: RedisServer): Promise<void> {
  await until("a replica to be in sync", async () => {
    return (await replica.cli("INFO", "replication")).includes("master_link_status:up")
  })
}

/** Resolves when the server is a replica of this master, and in sync. */
export async function follows(server: RedisServer, master: RedisServer): Promise<void> {
  await until("a server to follow the master", async () => {
    const said = await server.cli("INFO", "replication")
    return said.includes(`master_port:${master.port}\r\n`) && said.includes("master_link_status:up")
  })
}

/**
 * Resolves when the replicas have everything that their master has by now, whoever wrote it. `WAIT` waits only for what its
 * own connection has written.
 */
export async function haveAllOf(master: RedisServer, replicas: readonly RedisServer[]): Promise<void> {
  const written = await offsetOf(master, "master_repl_offset")
  for (const replica of replicas)
    await until("a replica to have it all", async () => (await offsetOf(replica, "slave_repl_offset")) >= written)
}

async function offsetOf(server: RedisServer, name: string): Promise<number> {
  const [, offset] = new RegExp(`^${name}:(\\d+)`, "m").exec(await server.cli("INFO", "replication")) ?? []
  if (offset === undefined) throw new Error(`The server says no ${name}.`)
  return Number(offset)
}

/** Makes the replica a master by hand; its former master is not told. */
export async function promote(replica: RedisServer): Promise<void> {
  await replica.cli("REPLICAOF", "NO", "ONE")
}
