/**
 * The configuration as the code sees it: in camelCase, with the unit in the name, and nothing to check any more.
 */
import { ConfigError } from "./config-error.ts"
import type { logLevels, Values } from "./options.ts"
import { type ConfigInput, type ReadValues, readValues } from "./read-values.ts"
import { roleNotices } from "./role-notices.ts"
import { storeNotices } from "./store-notices.ts"

export type LogLevel = (typeof logLevels)[number]

/** How tokens are checked; `off`: a connection is whoever it says. */
export type AuthKeys =
  | { readonly mode: "off" }
  | { readonly mode: "secret"; readonly secret: string }
  | { readonly mode: "jwks-url"; readonly url: string }
  | { readonly mode: "jwks-file"; readonly file: string }

export interface AuthConfig {
  readonly keys: AuthKeys
  readonly audience: string | undefined
  readonly issuer: string | undefined
  readonly clockToleranceMs: number
}

export interface WebSocketConfig {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Origins whose pages may connect while authentication is off, besides this machine's. */
  readonly origins: readonly string[]
  readonly frameBytesMax: number
  readonly heartbeatIntervalMs: number
  readonly sessionTtlMs: number
  readonly helloTimeoutMs: number
  readonly outboxBytesMax: number
  readonly connectionsPerUserMax: number
  readonly subscriptionsMax: number
}

export interface AgentConfig {
  readonly leaseTtlMs: number
  readonly deltaWindowMs: number
  readonly attemptsMax: number
  readonly runsMax: number
  readonly runTimeoutMs: number
  /** How long a run waits for an agent that nobody serves. */
  readonly missingAfterMs: number
}

export interface CheckpointConfig {
  /** Of a conversation, after the last one was written; `undefined`: for ever. */
  readonly ttlMs: number | undefined
  /** Of a conversation; `undefined`: all. */
  readonly countMax: number | undefined
  /** Of one value of a graph's state, serialized. */
  readonly bytesMax: number
}

export interface RetentionConfig {
  /** Days that a message is kept; 0: for ever. */
  readonly daysMax: number
  /** Messages that a conversation keeps; 0: all. */
  readonly messagesMax: number
  readonly sweepMs: number
}

export interface LoggingConfig {
  /** With `debug` on, at most `debug`. */
  readonly level: LogLevel
  readonly format: "auto" | "human" | "json"
  /** `undefined`: no files. */
  readonly folder: string | undefined
  readonly fileBytesMax: number
  /** Files kept beside the one being written. */
  readonly filesMax: number
}

/** A store that many nodes share. */
export interface RedisConfig {
  /** May hold a password. */
  readonly url: string
  readonly prefix: string
  readonly durability: Values["redis.durability"]
  /** How many must have what is acknowledged, where `durability` is `replicated`. */
  readonly replicas: number
  /** How long one answer may take. */
  readonly deadlineMs: number
}

export interface MetricsConfig {
  readonly enabled: boolean
  /** `undefined`: anybody may read them. */
  readonly token: string | undefined
}

/** What a node does: `gateway` serves people, `agent` runs agents. */
export type NodeRole = Values["node.role"]

export interface Config {
  readonly role: NodeRole
  /** Where everything is stored, unless there is a `redis`. */
  readonly dataFolder: string
  /** `undefined`: one machine, and its data folder. */
  readonly redis: RedisConfig | undefined
  readonly websocket: WebSocketConfig
  readonly auth: AuthConfig
  readonly rateLimit: { readonly sends: number; readonly changes: number; readonly windowMs: number }
  /** Agents by name: `path:export`. */
  readonly graphs: Readonly<Record<string, string>>
  readonly agent: AgentConfig
  readonly checkpoints: CheckpointConfig
  readonly retention: RetentionConfig
  readonly logging: LoggingConfig
  readonly metrics: MetricsConfig
  /** `undefined`: a new name at each start. */
  readonly serverId: string | undefined
  readonly debug: boolean
  readonly drainTimeoutMs: number
}

export interface LoadedConfig extends ReadValues {
  readonly config: Config
}

/** @throws ConfigError that names everything that is wrong. */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const read = readValues(input)
  const notices = [...read.notices, ...storeNotices(read), ...roleNotices(read)]
  return { ...read, notices, config: toConfig(read.values) }
}

const secondMs = 1_000
const minuteMs = 60 * secondMs

function toConfig(values: Values): Config {
  return {
    role: toRole(values),
    dataFolder: values["data.folder"],
    redis: toRedis(values),
    websocket: toWebSocket(values),
    auth: {
      keys: toAuthKeys(values),
      audience: values["auth.audience"],
      issuer: values["auth.issuer"],
      clockToleranceMs: values["auth.clock_tolerance"] * secondMs,
    },
    rateLimit: {
      sends: values["rate_limit.sends"],
      changes: values["rate_limit.changes"],
      windowMs: values["rate_limit.window"] * secondMs,
    },
    graphs: values.graphs,
    agent: toAgent(values),
    checkpoints: toCheckpoints(values),
    retention: {
      daysMax: values["retention.messages_days"],
      messagesMax: values["retention.messages_max"],
      sweepMs: values["retention.sweep_minutes"] * minuteMs,
    },
    logging: toLogging(values),
    metrics: { enabled: values["metrics.enabled"], token: values["metrics.token"] },
    serverId: values["system.server_id"],
    debug: values["system.debug"],
    drainTimeoutMs: values["drain.timeout"] * secondMs,
  }
}

function toRedis(values: Values): RedisConfig | undefined {
  const url = values["redis.url"]
  if (url === undefined) return undefined
  return {
    url,
    prefix: values["redis.prefix"],
    durability: values["redis.durability"],
    replicas: values["redis.replicas"],
    deadlineMs: values["redis.timeout"] * secondMs,
  }
}

/** The two halves of a deployment meet in its store, and the one of a single machine is not shared. */
function toRole({ "node.role": role, "redis.url": url }: Values): NodeRole {
  if (role === "all" || url !== undefined) return role
  const isGateway = role === "gateway"
  const others = isGateway ? "the nodes that run its agents" : "the nodes that serve people"
  throw new ConfigError([
    {
      en: `node.role is ${role}, but without redis.url nothing is shared with ${others}: set redis.url (REDIS_URL), or leave the role at all.`,
      zh: `node.role 为 ${role}，但未设置 redis.url，无法与${isGateway ? "运行智能体的节点" : "服务用户的节点"}共享数据：请设置 redis.url（REDIS_URL），或将 role 保持为 all。`,
    },
  ])
}

function toWebSocket(values: Values): WebSocketConfig {
  return {
    host: values["websocket.host"],
    port: values["websocket.port"],
    origins: values["websocket.origins"],
    frameBytesMax: values["websocket.max_message_size"],
    heartbeatIntervalMs: values["websocket.heartbeat_interval"] * secondMs,
    sessionTtlMs: values["websocket.session_timeout"] * secondMs,
    helloTimeoutMs: values["websocket.hello_timeout"] * secondMs,
    outboxBytesMax: values["websocket.outbox_bytes"],
    connectionsPerUserMax: values["websocket.connections_per_user"],
    subscriptionsMax: values["websocket.subscriptions"],
  }
}

function toAuthKeys(values: Values): AuthKeys {
  const { "auth.secret": secret, "auth.jwks_url": url, "auth.jwks_file": file } = values
  const given = [secret, url, file].filter((value) => value !== undefined)
  if (given.length > 1) {
    throw new ConfigError([
      {
        en: "Set only one of auth.secret, auth.jwks_url and auth.jwks_file: tokens have one issuer.",
        zh: "auth.secret、auth.jwks_url 和 auth.jwks_file 只能设置一个：令牌只有一个签发者。",
      },
    ])
  }
  if (secret !== undefined) return { mode: "secret", secret }
  if (url !== undefined) return { mode: "jwks-url", url }
  return file === undefined ? { mode: "off" } : { mode: "jwks-file", file }
}

function toAgent(values: Values): AgentConfig {
  return {
    leaseTtlMs: values["agent.lease"] * secondMs,
    deltaWindowMs: values["agent.delta_window"],
    attemptsMax: values["agent.attempts"],
    runsMax: values["agent.runs_max"],
    runTimeoutMs: values["agent.run_timeout"] * secondMs,
    missingAfterMs: values["agent.missing_after"] * secondMs,
  }
}

function toCheckpoints(values: Values): CheckpointConfig {
  const ttl = values["langgraph.checkpoint_ttl"]
  return {
    ttlMs: ttl === undefined ? undefined : ttl * minuteMs,
    countMax: values["langgraph.max_checkpoints"],
    bytesMax: values["langgraph.checkpoint_bytes_max"],
  }
}

function toLogging(values: Values): LoggingConfig {
  const level = values["system.log_level"]
  return {
    level: values["system.debug"] && level !== "trace" ? "debug" : level,
    format: values["logging.format"],
    folder: values["logging.folder"],
    fileBytesMax: values["logging.size"],
    filesMax: values["logging.count"],
  }
}
