/** What a server says of itself, as far as it matters to what is stored in it. */
import type { Reply } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"

export interface ServerFacts {
  readonly product: "Redis" | "Valkey"
  readonly version: string
  /** The version of Redis whose commands it has: Valkey speaks as one. */
  readonly speaksLike: string
  readonly role: ServerRole
  readonly isClusterNode: boolean
  readonly usedBytes: number
  /** 0: no bound. */
  readonly maxBytes: number
  readonly evictionPolicy: string
  /** Of the machine, as far as the server sees it; 0 where it does not say. */
  readonly machineBytes: number
  readonly appendsToFile: boolean
  /** Its last write to its own files failed: a full disk above all. */
  readonly failsToWrite: boolean
  /** What CONFIG GET says; empty where it may not be asked. */
  readonly settings: ReadonlyMap<string, string>
  /** Why there are no settings, in the server's words. */
  readonly settingsRefusal: string | undefined
  /** CONFIG REWRITE has a file to write to. */
  readonly hasConfigFile: boolean
}

export type ServerRole =
  | { readonly kind: "master"; readonly replicas: readonly ReplicaFacts[] }
  | { readonly kind: "replica"; readonly of: ServerAddress }

export interface ReplicaFacts {
  readonly address: ServerAddress
  /** It has what the master has, but for what is under way. */
  readonly isOnline: boolean
}

/** What CONFIG GET is asked for. */
export const settingNames = [
  "appendfsync",
  "no-appendfsync-on-rewrite",
  "aof-load-truncated",
  "save",
  "stop-writes-on-bgsave-error",
  "client-output-buffer-limit",
  "min-replicas-to-write",
  "cluster-require-full-coverage",
] as const

export interface SettingsReply {
  /** Names to values; empty where they were refused. */
  readonly settings: ReadonlyMap<string, string>
  readonly refusal: string | undefined
}

/** @param info what INFO answers. */
export function factsOf(info: string, { settings, refusal }: SettingsReply): ServerFacts {
  const fields = fieldsOf(info)
  const speaksLike = fields.get("redis_version") ?? ""
  const isValkey = fields.get("server_name") === "valkey"
  return {
    product: isValkey ? "Valkey" : "Redis",
    version: (isValkey ? fields.get("valkey_version") : undefined) ?? speaksLike,
    speaksLike,
    role: roleOf(fields),
    isClusterNode: fields.get("redis_mode") === "cluster",
    usedBytes: numberOf(fields, "used_memory"),
    maxBytes: numberOf(fields, "maxmemory"),
    evictionPolicy: fields.get("maxmemory_policy") ?? "",
    machineBytes: numberOf(fields, "total_system_memory"),
    appendsToFile: fields.get("aof_enabled") === "1",
    failsToWrite: ["aof_last_write_status", "rdb_last_bgsave_status"].some((name) => fields.get(name) === "err"),
    settings,
    settingsRefusal: refusal,
    hasConfigFile: (fields.get("config_file") ?? "") !== "",
  }
}

function fieldsOf(info: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of info.split("\r\n")) {
    const colon = line.indexOf(":")
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return fields
}

const numberOf = (fields: ReadonlyMap<string, string>, name: string): number => Number(fields.get(name) ?? 0)

export const usedBytesOf = (info: string): number => numberOf(fieldsOf(info), "used_memory")

function roleOf(fields: ReadonlyMap<string, string>): ServerRole {
  if (fields.get("role") === "slave") {
    return { kind: "replica", of: { host: fields.get("master_host") ?? "", port: numberOf(fields, "master_port") } }
  }
  const lines = [...fields].filter(([name]) => /^slave\d+$/.test(name))
  return { kind: "master", replicas: lines.map(([, line]) => replicaOf(line)) }
}

/** `ip=10.0.0.7,port=6379,state=online,offset=14,lag=0` */
function replicaOf(line: string): ReplicaFacts {
  const parts = new Map(line.split(",").map((part) => part.split("=", 2) as [string, string]))
  const address = { host: parts.get("ip") ?? "", port: Number(parts.get("port") ?? 0) }
  return { address, isOnline: parts.get("state") === "online" }
}

/** @returns the names and values that CONFIG GET gave, whichever way the protocol puts a map. */
export function settingsOf(reply: Reply): Map<string, string> {
  const flat = Array.isArray(reply) ? (reply as readonly Reply[]).map(String) : Object.entries(reply ?? {}).flat()
  const settings = new Map<string, string>()
  for (let at = 0; at + 1 < flat.length; at += 2) settings.set(String(flat[at]), String(flat[at + 1]))
  return settings
}
