/** The commands that remove what an attack has left in the Redis that it was given, if that is one server; no password is in them. */
import { parseRedisUrl } from "@everthread/engine-redis"

export function removal(redis: string, prefix: string, conversations: readonly string[]): string {
  const cli = commandLine(redis)
  return [
    `  ${cli} --scan --pattern '*${prefix}-*' | xargs -r ${cli} DEL`,
    `  ${cli} --scan --pattern '*}:n' | xargs -r -I@ ${cli} ZREM @ ${conversations.join(" ")}`,
  ].join("\n")
}

/** Of that very server: without an address redis-cli asks another one. */
function commandLine(redis: string): string {
  const { seeds, database, tls } = parseRedisUrl(redis)
  const [{ host, port }] = seeds
  const more = [...(database === 0 ? [] : [`-n ${database}`]), ...(tls ? ["--tls"] : [])]
  return [`redis-cli -h ${host} -p ${port}`, ...more].join(" ")
}
