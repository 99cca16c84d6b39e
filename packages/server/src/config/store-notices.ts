/** What is set about the store and will not be what it seems: two stores named, or none of many. */
import { type OptionPath, optionAt, optionPaths } from "./options.ts"
import type { ReadValues } from "./read-values.ts"

/** What has no effect anyway says so by itself. */
const isOfRedis = (path: OptionPath) =>
  /^(redis\.|langgraph\.(checkpoint_ttl|max_checkpoints)$)/.test(path) && optionAt(path).withoutEffect === undefined

/** @returns one sentence each. */
export function storeNotices({ values, sources }: Pick<ReadValues, "values" | "sources">): string[] {
  const url = values["redis.url"]
  const isGiven = (path: OptionPath) => sources[path] !== "default"
  if (url === undefined) {
    const [first] = optionPaths.filter((path) => isOfRedis(path) && isGiven(path))
    return first === undefined
      ? []
      : [`${first} (${sources[first]}) has no effect without redis.url: this is a single node, on data.folder.`]
  }
  return [
    ...(isGiven("data.folder")
      ? [`data.folder (${sources["data.folder"]}) is not used: redis.url is set, and Redis stores everything.`]
      : []),
    ...(sources["redis.url"].startsWith("flag") && /^rediss?:\/\/[^@/]*:[^@/]+@/.test(url)
      ? ["--redis holds a password, which everybody on this machine can see: put it into REDIS_URL."]
      : []),
  ]
}
