/**
 * Every option there is. Add one here and it exists in the file, the environment, the flags, `--help`,
 * the JSON Schema and docs/config.md; give it a place in `config.ts` and it reaches the code.
 *
 * Keys are `section.name`. Names that Everthread's first users already have in their files are kept.
 */
import { limits } from "@everthread/protocol"
import { boolean, choice, graphs, matching, number, origins, redisUrl, text, url, whole } from "./kinds.ts"
import { type Option, option, unset, type Words } from "./option.ts"

const seconds: Words = { en: "seconds", zh: "秒" }
const milliseconds: Words = { en: "milliseconds", zh: "毫秒" }
const days: Words = { en: "days", zh: "天" }
const minutes: Words = { en: "minutes", zh: "分钟" }
const bytes: Words = { en: "bytes", zh: "字节" }

const mebibyte = 1_048_576

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const

export const options = {
  "data.folder": option(text, "./data", {
    env: "EVERTHREAD_DATA",
    flag: "data",
    en: "Where everything is stored, unless redis.url is set. One process at a time.",
    zh: "数据存放的目录（设置了 redis.url 时不使用），同一时间只能由一个进程使用。",
  }),

  "websocket.host": option(text, "127.0.0.1", {
    env: "WEBSOCKET_HOST",
    flag: "host",
    en: "Address to listen on; 0.0.0.0 for every network.",
    zh: "监听地址；0.0.0.0 表示所有网络接口。",
  }),
  "websocket.port": option(whole(0, 65_535), 8765, {
    env: "WEBSOCKET_PORT",
    flag: "port",
    en: "Port to listen on; 0 for any free one.",
    zh: "监听端口；0 表示任选一个空闲端口。",
  }),
  "websocket.max_message_size": option(whole(1_024, 64 * mebibyte), limits.frameBytesMax, {
    unit: bytes,
    en: "Largest frame a client may send.",
    zh: "客户端可发送的最大帧。",
  }),
  "websocket.origins": option(origins, [], {
    en: "Origins whose web pages may connect while authentication is off, besides this machine's; with commas between.",
    zh: "身份验证关闭时，除本机外允许连接的网页来源，以逗号分隔。",
  }),
  "websocket.heartbeat_interval": option(number(1, 3_600), 30, {
    unit: seconds,
    en: "Time between pings; a peer that is silent for three of them is let go.",
    zh: "心跳间隔；连续三次没有回应的连接会被断开。",
  }),
  "websocket.session_timeout": option(number(1, 604_800), 300, {
    unit: seconds,
    en: "How long a session of the simple protocol outlives its last connection.",
    zh: "简单协议的会话在最后一个连接断开后保留多久。",
  }),
  "websocket.hello_timeout": option(number(0.1, 300), 10, {
    unit: seconds,
    en: "How long a new connection may take to say who it is.",
    zh: "新连接必须在多长时间内表明身份。",
  }),
  "websocket.outbox_bytes": option(whole(65_536, 1_024 * mebibyte), 4 * mebibyte, {
    unit: bytes,
    en: "What may wait for one slow connection before it is let go.",
    zh: "每个慢连接最多积压多少数据，超过则断开，稍后可续传。",
  }),
  "websocket.connections_per_user": option(whole(1, 100_000), 100, {
    en: "Connections one user may have to this node.",
    zh: "每个用户在本节点上的最大连接数。",
  }),
  "websocket.subscriptions": option(whole(1, 100_000), limits.subscriptionsMax, {
    en: "Conversations one connection may follow at a time.",
    zh: "每个连接同时订阅的最大对话数。",
  }),

  "auth.secret": unset(text, {
    env: "JWT_SECRET",
    secret: true,
    en: "Secret of HS256 tokens, at least 32 bytes. Turns authentication on.",
    zh: "HS256 令牌的密钥，至少 32 字节。设置后即开启身份验证。",
  }),
  "auth.jwks_url": unset(url("https", "http"), {
    en: "Where the public keys of RS256, ES256 or EdDSA tokens are. Turns authentication on.",
    zh: "RS256、ES256、EdDSA 令牌公钥的地址。设置后即开启身份验证。",
  }),
  "auth.jwks_file": unset(text, {
    en: "The same keys in a local file. Turns authentication on.",
    zh: "同上，公钥放在本地文件中。设置后即开启身份验证。",
  }),
  "auth.audience": unset(text, { en: "What a token's aud must hold.", zh: "令牌的 aud 必须包含的值。" }),
  "auth.issuer": unset(text, { en: "What a token's iss must be.", zh: "令牌的 iss 必须等于的值。" }),
  "auth.clock_tolerance": option(number(0, 300), 5, {
    unit: seconds,
    en: "How far the clock of whoever issues tokens may be off.",
    zh: "允许与令牌签发方的时钟误差。",
  }),

  "rate_limit.sends": option(whole(1, 1_000_000), 60, {
    en: "Messages one user may send within the window, and conversations one user may make within it, forks among them.",
    zh: "每个用户在一个时间窗口内可发送的消息数，以及可新建（含分叉）的对话数，两者分别计数。",
  }),
  "rate_limit.changes": option(whole(1, 1_000_000), 600, {
    en: "Everything else that one user may change or tell within the window: edits, reactions, receipts, typing, members, stops and answers, all counted together.",
    zh: "每个用户在一个时间窗口内的其他操作数：编辑、回应、已读回执、输入状态、成员变更、停止与答复，合并计数。",
  }),
  "rate_limit.window": option(number(1, 3_600), 60, { unit: seconds, en: "The window.", zh: "时间窗口的长度。" }),

  graphs: option<Readonly<Record<string, string>>>(
    graphs,
    {},
    {
      flag: "graph",
      en: "Agents to serve: name to path:export. As a flag: --graph [name=]path:export, as often as needed.",
      zh: "要提供服务的智能体：名称对应“路径:导出名”。命令行写法：--graph [名称=]路径:导出名，可重复。",
    },
  ),
  "agent.lease": option(number(0.2, 60), 2, {
    unit: seconds,
    en: "How long a silent node's runs wait before another node takes them over.",
    zh: "节点失联多久后，它的运行由其他节点接管。",
  }),
  "agent.delta_window": option(whole(0, 1_000), 50, {
    unit: milliseconds,
    en: "How long tokens are gathered before they are stored and shown; the first is never held back.",
    zh: "词元在存储和显示之前合并多久；第一个词元不会等待。",
  }),
  "agent.attempts": option(whole(1, 100), 5, {
    en: "How often a run is tried before it has failed.",
    zh: "一次运行失败前最多尝试几次。",
  }),
  "agent.runs_max": option(whole(1, 10_000), 32, {
    en: "Runs this node works on at a time.",
    zh: "本节点同时处理的最大运行数。",
  }),
  "agent.run_timeout": option(number(1, 86_400), 900, {
    unit: seconds,
    en: "How long one attempt of a run may take.",
    zh: "一次运行的单次尝试最长时间。",
  }),

  "agent.missing_after": option(number(0.1, 86_400), 300, {
    unit: seconds,
    en: "How long a run waits for an agent that no node serves at the moment; then it ends and says so.",
    zh: "没有任何节点提供所需智能体时，运行等待多久；超时后结束并说明原因。",
  }),

  "langgraph.checkpoint_ttl": unset(number(1, 5_256_000), {
    unit: minutes,
    en: "How long a conversation's checkpoints are kept after the last one was written. On Redis; elsewhere they are kept for ever.",
    zh: "对话最后一次写入检查点后保留多久。仅对 Redis 有效；否则永久保留。",
  }),
  "langgraph.checkpoint_bytes_max": option(whole(65_536, 64 * mebibyte), 32 * mebibyte, {
    unit: bytes,
    en: "How large one value of an agent's state may become, serialized; a run that goes beyond it fails and says so.",
    zh: "智能体状态中单个值序列化后的最大大小；超出时运行失败并说明原因。",
  }),
  "langgraph.max_checkpoints": unset(whole(1, 1_000_000), {
    en: "How many checkpoints of a conversation are kept, give or take an eighth. On Redis; elsewhere all are.",
    zh: "每个对话保留多少个检查点（误差不超过八分之一）。仅对 Redis 有效；否则全部保留。",
  }),

  "retention.messages_days": option(whole(0, 36_500), 0, {
    unit: days,
    en: "How long messages are kept, in whole days of UTC; 0: for ever. Afterwards they are gone from the log, the snapshot and the archive, for everybody. Checkpoints have langgraph.checkpoint_ttl.",
    zh: "消息保留多少天（按 UTC 整天计算）；0 表示永久保留。到期后从日志、快照和存档中彻底删除，对所有人生效。检查点由 langgraph.checkpoint_ttl 控制。",
  }),
  "retention.messages_max": option(whole(0, 1_000_000_000), 0, {
    en: "How many messages of a conversation are kept, the newest, give or take an eighth; 0: all.",
    zh: "每个对话保留多少条最新消息（误差不超过八分之一）；0 表示全部保留。",
  }),
  "retention.sweep_minutes": option(number(0.1, 10_080), 60, {
    unit: minutes,
    en: "How often a node looks for what has expired in conversations that nobody writes in.",
    zh: "节点每隔多久检查一次无人发言的对话中有无到期消息。",
  }),

  "redis.url": unset(redisUrl, {
    env: "REDIS_URL",
    flag: "redis",
    secret: true,
    en: "The Redis or Valkey that the nodes of a cluster share; docs/redis.md has the ways to write it. With it data.folder is not used.",
    zh: "集群各节点共用的 Redis 或 Valkey，写法见 docs/redis.md。设置后不再使用 data.folder。",
  }),
  "redis.durability": option(choice(["memory", "everysec", "fsync", "replicated"]), "fsync", {
    en: "What an acknowledgement means, and what may be lost all the same. memory: Redis has it; all since its last save goes with its process. everysec: a power cut takes the last second or two. fsync: its disk has it; a failover takes what no replica had. replicated: redis.replicas replicas have it, and a failover to one of them takes nothing. A server that promises less is refused.",
    zh: "应答意味着什么，以及仍可能丢失什么。memory：Redis 已收到，进程结束则丢失上次保存之后的全部数据。everysec：断电丢失最近一两秒。fsync：已落盘，故障切换会丢失副本尚未收到的数据。replicated：redis.replicas 个副本已收到，切换到其中之一不丢数据。达不到要求的服务器会被拒绝。",
  }),
  "redis.replicas": option(whole(1, 16), 1, {
    en: "With durability replicated: how many replicas of each master must have what is acknowledged. Have one more than that, or the loss of one stops everything.",
    zh: "replicated 级别下，每个主节点须有多少个副本收到后才应答。实际副本数应至少多一个，否则失去一个副本就会全部停止。",
  }),
  "redis.timeout": option(number(0.1, 60), 2, {
    unit: seconds,
    en: "How long Redis may take for one answer; a call with its repeats may take twice as long.",
    zh: "等待 Redis 单次应答的最长时间；连同重试，一次调用最长为其两倍。",
  }),
  "redis.prefix": option(
    matching(/^[\w.:-]{1,64}$/, { en: "1 to 64 letters, digits and . : _ -", zh: "1 到 64 个字母、数字或 . : _ -" }),
    "everthread",
    {
      en: "What every key begins with: sets several deployments in one Redis apart.",
      zh: "所有键的前缀，用于在同一个 Redis 中区分多套部署。",
    },
  ),
  "redis.max_connections": unset(whole(1, 10_000), {
    withoutEffect: {
      en: "nothing to limit: a node keeps two connections to each master, three with durability replicated, however many people are connected",
      zh: "无需限制：无论多少人在线，节点到每个主节点只保持两个连接，replicated 级别为三个",
    },
    en: "Accepted for files that have it.",
    zh: "仅为兼容已有的配置文件。",
  }),
  "redis.decode_responses": unset(boolean, {
    withoutEffect: { en: "it has no meaning here", zh: "在这里没有意义" },
    en: "Accepted for files that have it.",
    zh: "仅为兼容已有的配置文件。",
  }),

  "node.role": option(choice(["all", "gateway", "agent"]), "all", {
    env: "EVERTHREAD_ROLE",
    flag: "role",
    en: "What this node does. gateway: serves people and loads no agents. agent: runs agents, and its port shows /healthz, /readyz and /metrics only. all: both. Without redis.url there is one node, which does both.",
    zh: "本节点的职责。gateway：只服务用户，不加载智能体。agent：只运行智能体，端口上仅提供 /healthz、/readyz 和 /metrics。all：两者都做。未设置 redis.url 时只有一个节点，必须两者都做。",
  }),

  "system.server_id": unset(
    matching(/^[^\s\p{C}]{1,128}$/u, { en: "1 to 128 characters without white space", zh: "1 到 128 个非空白字符" }),
    {
      env: "SERVER_ID",
      flag: "server-id",
      en: "This node's name; without one it gets a new one at each start.",
      zh: "本节点的名称；不设置则每次启动时随机生成。",
    },
  ),
  "system.log_level": option(choice(logLevels, { warning: "warn", critical: "fatal" }), "info", {
    env: "LOG_LEVEL",
    flag: "log-level",
    en: "The least important lines to log.",
    zh: "日志级别。",
  }),
  "system.debug": option(boolean, false, {
    flag: "debug",
    en: "Log debug lines, and stacks with errors.",
    zh: "输出调试日志，出错时显示调用栈。",
  }),
  "logging.format": option(choice(["auto", "human", "json"]), "auto", {
    flag: "log-format",
    en: "How lines look; auto: for people on a terminal, else JSON.",
    zh: "日志格式；auto：终端上输出便于阅读的文本，否则输出 JSON。",
  }),
  "logging.folder": unset(text, {
    en: "Log to everthread.log and error.log in this folder as well.",
    zh: "同时把日志写入该目录下的 everthread.log 和 error.log。",
  }),
  "logging.size": option(whole(1_024, 1_024 * mebibyte), 10 * mebibyte, {
    unit: bytes,
    en: "Size at which a log file is put aside and a new one begins.",
    zh: "日志文件达到该大小后换新文件。",
  }),
  "logging.count": option(whole(1, 1_000), 5, {
    en: "Log files that were put aside and are kept, of each kind.",
    zh: "每种日志保留多少个旧文件。",
  }),

  "metrics.enabled": option(boolean, true, {
    en: "Measure, and show it at /metrics in the text format of Prometheus.",
    zh: "启用监控指标，并以 Prometheus 文本格式在 /metrics 提供。",
  }),
  "metrics.token": unset(text, {
    secret: true,
    en: "Bearer token that whoever reads /metrics has to bring; without one anybody may read it.",
    zh: "读取 /metrics 需携带的 Bearer 令牌；不设置则任何人都可读取。",
  }),

  "drain.timeout": option(number(0, 300), 10, {
    unit: seconds,
    en: "How long connections and runs may take to end when the server is told to stop.",
    zh: "收到停止信号后，最多等待连接和运行结束多久。",
  }),
}

export type OptionPath = keyof typeof options

/** What the options come to, in the units of the table. */
export type Values = { readonly [P in OptionPath]: (typeof options)[P] extends Option<infer T> ? T : never }

export const optionPaths = Object.keys(options) as OptionPath[]

/** An option without its type of value, for whoever only describes or reads it. */
export const optionAt = (path: OptionPath): Option<unknown> => options[path] as Option<unknown>
