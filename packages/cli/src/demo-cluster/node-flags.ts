/** What each node of the demo is configured with: the same flags, whether it gets a process of its own or not. */
import { extname } from "node:path"
import { fileURLToPath } from "node:url"

export interface NodePlan {
  /** Its name, unique among all nodes that ever shared the store. */
  readonly id: string
  /** 0: any free one. */
  readonly port: number
  /** Its data, where the store is a folder; else what it writes by the way. */
  readonly folder: string
  /** Instead of the scenes' own: `name=file:export`. */
  readonly agent?: string
}

export type Flags = Readonly<Record<string, string | readonly string[]>>

/** In the sources it is TypeScript, as this file is; where that is built, it is too. */
const agentFile = fileURLToPath(new URL(`./scene-agent${extname(import.meta.url)}`, import.meta.url))

export const agentName = "demo"

/** Apart from a deployment on the same Redis: neither works on the other's runs, nor is told of the other's agents. */
export const redisPrefix = "everthread:demo"

/** The environment of nodes that share a Redis. */
export const sharedStore = (url: string): Readonly<Record<string, string>> => ({
  REDIS_URL: url,
  EVERTHREAD_REDIS_DURABILITY: "memory",
  EVERTHREAD_REDIS_PREFIX: redisPrefix,
})

export function flagsOf({ id, port, agent = `${agentName}=${agentFile}:graph` }: NodePlan): Flags {
  return {
    host: "127.0.0.1",
    port: String(port),
    "server-id": id,
    graph: [agent],
    "log-level": "warn",
    "log-format": "human",
    // Nobody types as fast as this show does.
    "rate-limit-sends": "100000",
    "rate-limit-changes": "100000",
    "drain-timeout": "3",
  }
}

/** The same as arguments of `everthread serve`. */
export function argumentsOf(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => [value].flat().flatMap((each) => [`--${name}`, each]))
}
