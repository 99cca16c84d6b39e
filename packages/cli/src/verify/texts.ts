/** What `verify` says around its findings, in each language. */
import type { Language } from "../language.ts"

export interface VerifyTexts {
  readonly about: string
  readonly redis: string
  readonly data: string
  readonly config: string
  readonly conversation: string
  readonly sample: string
  readonly noCount: string
  readonly json: string
  readonly more: string
  readonly redisAndData: string
  readonly notHere: (conversation: string) => string
  readonly live: (pids: string) => string
  readonly looked: (
    counts: Readonly<Record<"conversations" | "entries" | "archived" | "checkpoints", string>>,
  ) => string
  readonly progress: (conversations: string, entries: string, suspects: string) => string
  readonly again: string
  readonly whole: string
  readonly sampled: string
  readonly broken: (findings: string) => string
  readonly others: (count: string) => string
  readonly next: string
  readonly unseen: string
}

const en: VerifyTexts = {
  about: "Check that what a live deployment has stored is whole; writes nothing",
  redis: "the Redis to look at (REDIS_URL)",
  data: "or the data folder of a single server (default ./data, EVERTHREAD_DATA_FOLDER)",
  config: "YAML file with options, as the servers have it (CONFIG_FILE)",
  conversation: "only this conversation; may be given more than once",
  sample: "only so many conversations, chosen by chance",
  noCount: "It must be a whole number from 1.",
  json: "print everything as JSON",
  more: `
It compares the log of each conversation with everything that stands beside it: the snapshot, the archive, the agents'
checkpoints, idempotency keys, open runs and members. Servers may go on meanwhile: what looks wrong is looked at again
before it is reported. It only reads, and needs no right to write. docs/verify.md says what each finding means.

Exit code: 0 if everything is whole, 1 if something was found, 2 if it could not be looked at.

Examples:
  npx everthread verify --redis redis://127.0.0.1:6379
  npx everthread verify --data ./data --conversation lobby
  npx everthread verify --config everthread.yaml --sample 1000 --json`,
  redisAndData: "Name one store: --redis or --data, not both.",
  notHere: (conversation) => `There is no conversation ${JSON.stringify(conversation)} in this store.`,
  live: (pids) => `A server uses it at the moment (process ${pids}): it is looked at while it goes on.`,
  looked: ({ conversations, entries, archived, checkpoints }) =>
    `Looked at: conversations ${conversations}, entries ${entries}, archived messages ${archived}, checkpoints ${checkpoints}.`,
  progress: (conversations, entries, suspects) =>
    `${conversations} conversations, ${entries} entries; to look at again: ${suspects}`,
  again: "looking again at what may be wrong …",
  whole: "Everything is whole.",
  sampled: "What was chosen by chance is whole; of the others nothing is known.",
  broken: (findings) => `Not whole: findings ${findings}.`,
  others: (count) => `And ${count} more, which are not shown.`,
  next: "Next",
  unseen: "It could not be looked at: ",
}

const zh: VerifyTexts = {
  about: "检查正在运行的部署所存储的内容是否完整；不写入任何内容",
  redis: "要检查的 Redis (REDIS_URL)",
  data: "或单个服务器的数据目录 (默认 ./data, EVERTHREAD_DATA_FOLDER)",
  config: "YAML 配置文件，与服务器所用的相同 (CONFIG_FILE)",
  conversation: "只检查此对话；可多次给出",
  sample: "只随机检查这么多个对话",
  noCount: "必须是不小于 1 的整数。",
  json: "以 JSON 打印全部内容",
  more: `
它把每个对话的日志与其旁的一切对照：快照、归档、智能体的检查点、幂等键、未结束的运行和成员。
服务器可以照常运行：看似有误之处会再次查看，然后才报告。它只读取，不需要写权限。
docs/verify.md 说明每个发现的含义。

退出码：0 表示全部完整，1 表示有发现，2 表示无法检查。

示例：
  npx everthread verify --redis redis://127.0.0.1:6379
  npx everthread verify --data ./data --conversation lobby
  npx everthread verify --config everthread.yaml --sample 1000 --json`,
  redisAndData: "只能指定一个存储：--redis 或 --data，不能同时指定。",
  notHere: (conversation) => `此存储中没有对话 ${JSON.stringify(conversation)}。`,
  live: (pids) => `目前有服务器正在使用它（进程 ${pids}）：在其运行的同时进行检查。`,
  looked: ({ conversations, entries, archived, checkpoints }) =>
    `已检查：对话 ${conversations}，条目 ${entries}，归档消息 ${archived}，检查点 ${checkpoints}。`,
  progress: (conversations, entries, suspects) => `对话 ${conversations}，条目 ${entries}；待再次查看：${suspects}`,
  again: "正在再次查看可能有误之处……",
  whole: "全部完整。",
  sampled: "随机选出的部分完整；其余未知。",
  broken: (findings) => `不完整：发现 ${findings} 处。`,
  others: (count) => `另有 ${count} 处未显示。`,
  next: "下一步",
  unseen: "无法检查：",
}

export const verifyTexts: Readonly<Record<Language, VerifyTexts>> = { en, zh }
