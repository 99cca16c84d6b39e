/** What the nodes of `everthread dev` share: a folder where there is one node, a Redis where there are more. */
import { createHash } from "node:crypto"
import { join } from "node:path"
import type { CliContext } from "../context.ts"
import { answersPing } from "../demo-cluster/find-redis.ts"
import { whereOf } from "../demo-cluster/start-cluster.ts"
import { CliError } from "../failure.ts"
import { findRedisServer, startPrivateRedis } from "./private-redis.ts"
import type { DevTexts } from "./texts.ts"

export interface DevStore {
  /** What the nodes are told of it. */
  readonly env: Readonly<Record<string, string>>
  /** What it is, for people. */
  readonly about: string
  stop(): Promise<void>
}

export interface DevStoreOptions {
  readonly nodes: number
  /** The one that was named. */
  readonly redis: string | undefined
  /** Absolute. */
  readonly dataFolder: string
  readonly context: CliContext
  readonly texts: DevTexts
}

const local = { host: "127.0.0.1", port: 6379 }
const prefixChars = 8
const nothing = async () => {}

/** @throws CliError if there is none, which says what to install. */
export async function openDevStore(options: DevStoreOptions): Promise<DevStore> {
  const { nodes, redis, dataFolder, texts, context } = options
  if (redis !== undefined) return shared(redis, options)
  if (nodes === 1) return { env: { EVERTHREAD_DATA: dataFolder }, about: texts.embedded(dataFolder), stop: nothing }
  if (await answersPing(local.host, local.port, context.clock))
    return shared(`redis://${local.host}:${local.port}`, options)
  const program = findRedisServer(context.env)
  if (program === undefined) throw new CliError(texts.noRedis(nodes), texts.noRedisAdvice)
  const folder = join(dataFolder, "redis")
  const { url, stop } = await startPrivateRedis({ program, folder, random: context.random })
  return { env: { REDIS_URL: url, EVERTHREAD_REDIS_DURABILITY: "everysec" }, about: texts.ownRedis(folder), stop }
}

/** Apart from a deployment on the same Redis, and from what is developed in other folders. */
function shared(url: string, { context, texts }: DevStoreOptions): DevStore {
  const prefix = `everthread:dev:${createHash("sha256").update(context.folder).digest("hex").slice(0, prefixChars)}`
  const env = { REDIS_URL: url, EVERTHREAD_REDIS_DURABILITY: "memory", EVERTHREAD_REDIS_PREFIX: prefix }
  return { env, about: texts.sharedRedis(whereOf(url), prefix), stop: nothing }
}
