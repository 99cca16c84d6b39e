/** What the doctor says, in each language. */
import type { FindingLevel } from "@everthread/engine-redis"
import type { Language } from "../language.ts"

export interface DoctorTexts {
  readonly about: string
  readonly redis: string
  readonly durability: string
  readonly replicas: string
  readonly config: string
  readonly json: string
  readonly more: string
  readonly noRedis: string
  readonly title: (kind: string, durability: string) => string
  readonly head: Readonly<
    Record<"server" | "role" | "version" | "memory" | "disk" | "replicas" | "ping" | "append", string>
  >
  readonly roles: Readonly<Record<"master" | "replica" | "unseen", string>>
  readonly noBound: string
  readonly noFile: string
  readonly unknown: string
  readonly milliseconds: string
  readonly levels: Readonly<Record<FindingLevel, string>>
  readonly unseen: string
  readonly allFine: string
  readonly fit: (durability: string) => string
  readonly unfit: (durability: string) => string
  readonly lesser: (durability: string) => string
}

const en: DoctorTexts = {
  about: "Look at a Redis: whether it is fit for several nodes, and what would mend it",
  redis: "the Redis to look at (REDIS_URL)",
  durability: "the level to hold it against (default fsync, EVERTHREAD_REDIS_DURABILITY)",
  replicas: "with replicated: how many replicas must have what is acknowledged (default 1)",
  config: "YAML file with options (CONFIG_FILE)",
  json: "print everything as JSON",
  more: `
Levels, and what an acknowledged message may still be lost to:
  memory      the end of the Redis process: everything since its last save
  everysec    a power cut: the last second or two
  fsync       a failover: what no replica had yet. On one server, nothing
  replicated  the loss of the master and of every replica that had it

It looks at every server that it finds, masters and replicas, standalone, Sentinel or Cluster, measures round trips
for a few seconds, and leaves nothing behind. Exit code: 0 if a node would start on it, 1 if not, 2 if it cannot be
looked at.

Examples:
  npx everthread doctor --redis redis://127.0.0.1:6379
  REDIS_URL=rediss://user:password@redis.example npx everthread doctor --durability replicated
  npx everthread doctor --redis "redis://sentinel-1:26379,sentinel-2:26379?sentinel=mymaster" --json`,
  noRedis:
    "There is no Redis to look at. Name one: --redis redis://127.0.0.1:6379, or REDIS_URL, where a password is out of sight.",
  title: (kind, durability) => `Redis (${kind}), held against durability ${durability}`,
  head: {
    ...{ server: "server", role: "role", version: "version", memory: "memory", disk: "disk", replicas: "replicas" },
    ...{ ping: "ping p50/p99", append: "append p50/p99" },
  },
  roles: { master: "master", replica: "replica", unseen: "?" },
  noBound: "no bound",
  noFile: "no",
  unknown: "?",
  milliseconds: "ms",
  levels: { refusal: "REFUSED", warning: "warning", note: "note", ok: "ok" },
  unseen: "could not be asked",
  allFine: "There is nothing to mend.",
  fit: (durability) => `Fit for durability ${durability}: a node starts on it.`,
  unfit: (durability) => `Not fit for durability ${durability}: no node starts on it as it is.`,
  lesser: (durability) => `As it is, it is fit for durability ${durability}, which may lose more.`,
}

const zh: DoctorTexts = {
  about: "检查 Redis 是否适合多节点运行，并给出修正方法",
  redis: "要检查的 Redis (REDIS_URL)",
  durability: "对照哪个持久性级别检查 (默认 fsync, EVERTHREAD_REDIS_DURABILITY)",
  replicas: "replicated 级别下须有多少个副本收到后才应答 (默认 1)",
  config: "YAML 配置文件 (CONFIG_FILE)",
  json: "以 JSON 输出全部结果",
  more: `
各级别下，已应答的消息仍可能因何丢失：
  memory      Redis 进程结束：丢失上次保存之后的全部数据
  everysec    断电：丢失最近一两秒的数据
  fsync       故障切换：丢失副本尚未收到的数据；单台服务器则不丢
  replicated  主节点与所有已收到的副本同时损毁

它会检查找到的每台服务器（主节点和副本；单机、Sentinel 或 Cluster），用几秒钟测量往返时延，不留下任何数据。
退出码：0 表示节点可以在其上启动，1 表示不可以，2 表示无法检查。

示例：
  npx everthread doctor --redis redis://127.0.0.1:6379
  REDIS_URL=rediss://user:password@redis.example npx everthread doctor --durability replicated
  npx everthread doctor --redis "redis://sentinel-1:26379,sentinel-2:26379?sentinel=mymaster" --json`,
  noRedis: "没有指定要检查的 Redis。请使用 --redis redis://127.0.0.1:6379，含密码时请用环境变量 REDIS_URL。",
  title: (kind, durability) => `Redis（${kind}），对照 ${durability} 级别`,
  head: {
    ...{ server: "服务器", role: "角色", version: "版本", memory: "内存", disk: "落盘", replicas: "副本" },
    ...{ ping: "ping p50/p99", append: "追加 p50/p99" },
  },
  roles: { master: "主节点", replica: "副本", unseen: "?" },
  noBound: "无上限",
  noFile: "否",
  unknown: "?",
  milliseconds: "毫秒",
  levels: { refusal: "拒绝", warning: "警告", note: "提示", ok: "正常" },
  unseen: "无法询问",
  allFine: "无需修正。",
  fit: (durability) => `符合 ${durability} 级别：节点可以在其上启动。`,
  unfit: (durability) => `不符合 ${durability} 级别：目前节点无法在其上启动。`,
  lesser: (durability) => `就目前的配置，它符合 ${durability} 级别，但可能丢失更多。`,
}

export const doctorTexts: Readonly<Record<Language, DoctorTexts>> = { en, zh }
