/**
 * LangGraph's checkpoints beside their conversation on Redis: in its partition, so that a write and the look at the
 * conversation's fence are one step, and an append to its log can be of that step, too; and as durable as the log.
 * (SPEC RUN2)
 */
import { conversationOfThread, type LogSaver } from "@everthread/agent"
import { RedisSaver, type RedisSaverOptions, type ScriptRunner } from "@everthread/checkpoint-redis"
import type { ForeignCall, RedisEngine } from "@everthread/engine-redis"
import type { Random } from "@everthread/protocol"
import type { CheckpointConfig } from "@everthread/server/config"

/** What the keys of checkpoints are called. */
const checkpoints = "cp"

export function redisSaver(
  { scripts }: Pick<RedisEngine, "scripts">,
  random: Random,
  { ttlMs, countMax }: Pick<CheckpointConfig, "ttlMs" | "countMax">,
): RedisSaver & LogSaver<ForeignCall> {
  const options: RedisSaverOptions = {
    random,
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(countMax === undefined ? {} : { maxCheckpoints: countMax }),
    keyPrefixOf: (thread) => scripts.prefixOf(conversationOfThread(thread), checkpoints, thread),
    fence: { key: (thread) => scripts.fenceKeyOf(conversationOfThread(thread)), field: scripts.fenceField },
  }
  const saver = new RedisSaver(scripts, options)
  // What is handed over is serialized as it would be here: a bound on the values holds for it, too.
  const handing = (take: (call: ForeignCall) => Promise<void>) =>
    new RedisSaver(handingRunner(scripts, take), { ...options, serde: saver.serde })
  return Object.assign(saver, { handing, storeWith: scripts.runWith })
}

/** Whoever takes a call is told what comes of it; the saver that made it hears that it is stored. */
function handingRunner(runner: ScriptRunner, take: (call: ForeignCall) => Promise<void>): ScriptRunner {
  return {
    async run(script, keys, args) {
      if (script.readOnly) return runner.run(script, keys, args)
      await take({ script, keys, args })
      return [Buffer.from(args[0] ?? ""), Buffer.from("stored")]
    },
  }
}
