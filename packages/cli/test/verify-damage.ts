/** What an operator's mistake or a broken disk may do to a store: single records taken away or bent, on each engine. */
import { freshNonce } from "@everthread/engine"
import type { RedisEngine } from "@everthread/engine-redis"
import { systemRandom } from "@everthread/protocol"
import type { RedisServer } from "@everthread/stage"
import * as embedded from "../../engine-embedded/src/keys.ts"
import type { EmbeddedEngine } from "../../engine-embedded/src/open.ts"
import type { Tables } from "../../engine-embedded/src/tables.ts"
import { fieldOfKey } from "../../engine-redis/src/keys.ts"

type Bend = (text: string) => string

export interface Damage {
  /** `undefined`: it goes. */
  entry(conversation: string, seq: number, bend?: Bend): Promise<void>
  snapshot(conversation: string, bend?: Bend): Promise<void>
  archived(conversation: string, seq: number, bend?: Bend): Promise<void>
  checkpoint(conversation: string, id: string, bend?: "unreadable"): Promise<void>
  /** @param bend what is kept under an idempotency key. */
  key(conversation: string, key: string, bend?: Bend): Promise<void>
  openRun(conversation: string, run: string, isThere: boolean): Promise<void>
  member(conversation: string, user: string, isThere: boolean): Promise<void>
  membership(conversation: string, user: string, isThere: boolean): Promise<void>
  head(conversation: string): Promise<void>
  /** Something of another kind where the archive, or the head, should be. */
  overwrite(conversation: string): Promise<void>
}

export function damageEmbedded({ store }: EmbeddedEngine): Damage {
  const record = (key: embedded.StoreKey, bend?: Bend) =>
    store.write(({ records }) => {
      const held = records.get(key)
      if (held === undefined) throw new Error(`nothing at ${JSON.stringify(key)}`)
      if (bend) records.put(key, bend(held))
      else records.remove(key)
    })
  const set = (key: embedded.StoreKey, value: string, isThere: boolean) =>
    store.write(({ records }: Tables) => void (isThere ? records.put(key, value) : records.remove(key)))
  return {
    entry: (conversation, seq, bend) => record(embedded.logKey(conversation, seq), bend),
    snapshot: (conversation, bend) => record(embedded.snapshotKey(conversation), bend),
    archived: (conversation, seq, bend) => record(embedded.archiveKey(conversation, seq), bend),
    async checkpoint(conversation, id, bend) {
      const key = embedded.checkpointKey(conversation, "", id)
      await store.write(({ checkpoints }) => {
        if (checkpoints.get(key) === undefined) throw new Error(`no checkpoint ${id}`)
        if (bend) checkpoints.put(key, Buffer.from("nonsense"))
        else checkpoints.remove(key)
      })
    },
    key: (conversation, key, bend) =>
      record(
        embedded.idempotencyKey(conversation, embedded.hashOf(key)),
        bend && ((text) => JSON.stringify({ ...JSON.parse(text), nonce: bend("1") })),
      ),
    openRun: (conversation, run, isThere) =>
      set(embedded.openRunKey(conversation, run), JSON.stringify({ seq: 1, order: 1 }), isThere),
    member: (conversation, user, isThere) => set(embedded.memberKey(conversation, user), "member", isThere),
    membership: (conversation, user, isThere) => set(embedded.membershipKey(user, conversation), "member", isThere),
    head: (conversation) => record(embedded.headKey(conversation)),
    overwrite: (conversation) => record(embedded.headKey(conversation), () => "nonsense"),
  }
}

export function damageRedis({ keys, scripts }: RedisEngine, redis: RedisServer): Damage {
  const done = async (...args: (string | number)[]) => void (await redis.cli(...args))
  const partition = keys.partitionOf
  return {
    async entry(conversation, seq, bend) {
      const log = keys.log(conversation)
      const [found] = (await redis.command("XRANGE", log, seq, seq)) as [string, [string, string]][]
      if (!found) throw new Error(`no entry ${seq}`)
      if (!bend) return done("XDEL", log, String(found[0]))
      // A stream's entry cannot be changed: all are written anew.
      const all = (await redis.command("XRANGE", log, "-", "+")) as [string, [string, string]][]
      await done("DEL", log)
      for (const [id, [field, body]] of all)
        await done("XADD", log, String(id), String(field), id === found[0] ? bend(String(body)) : String(body))
    },
    async snapshot(conversation, bend) {
      const key = keys.snapshot(conversation)
      if (bend) await done("SET", key, bend(await redis.cli("GET", key)))
      else await done("DEL", key)
    },
    async archived(conversation, seq, bend) {
      const key = keys.archive(conversation)
      const [body] = (await redis.command("ZRANGEBYSCORE", key, seq, seq)) as string[]
      if (body === undefined) throw new Error(`nothing archived at ${seq}`)
      await done("ZREMRANGEBYSCORE", key, seq, seq)
      if (bend) await done("ZADD", key, seq, bend(String(body)))
    },
    async checkpoint(conversation, id, bend) {
      const prefix = scripts.prefixOf(conversation, "cp", conversation)
      if (bend) return done("HSET", `${prefix}thread`, `c\0${id}`, "nonsense")
      await done("HDEL", `${prefix}thread`, `c\0${id}`)
      await done("ZREM", `${prefix}order`, `\0${id}`)
    },
    async key(conversation, key, bend) {
      const [hash, field] = [keys.idempotency(conversation), fieldOfKey(key)]
      const held = await redis.cli("HGET", hash, field)
      if (held === "") throw new Error(`no key ${key}`)
      if (bend) await done("HSET", hash, field, held.replace(/-\d+ /, `-${bend("1")} `))
      else await done("HDEL", hash, field)
    },
    async openRun(conversation, run, isThere) {
      const [hash, field] = [keys.openRuns(partition(conversation)), JSON.stringify([conversation, run])]
      await (isThere ? done("HSET", hash, field, "1 1") : done("HDEL", hash, field))
    },
    async member(conversation, user, isThere) {
      const [hash, field] = [keys.meta(conversation), `u:${user}`]
      await (isThere ? done("HSET", hash, field, "member") : done("HDEL", hash, field))
    },
    async membership(conversation, user, isThere) {
      await done(isThere ? "SADD" : "SREM", keys.memberships(partition(conversation), user), conversation)
    },
    head: (conversation) => done("DEL", keys.meta(conversation)),
    overwrite: (conversation) => done("SET", keys.archive(conversation), "nonsense"),
  }
}

/** Another history's nonce. */
export const otherNonce = (): string => freshNonce(systemRandom)
