/** What `chaos` says, in each language. What it records and finds is English everywhere. */
import type { Progress } from "@everthread/chaos/attack"
import type { Language } from "../language.ts"

export interface ChaosTexts {
  readonly about: string
  readonly url: string
  readonly redis: string
  readonly redisPrefix: string
  readonly seconds: string
  readonly seed: string
  readonly out: string
  readonly token: string
  readonly jwtSecret: string
  readonly yesHarmIt: string
  readonly host: string
  readonly noWhole: string
  readonly more: string
  readonly noUrl: string
  readonly badUrl: (url: string) => string
  readonly badToken: string
  readonly notHere: (hosts: readonly string[]) => string
  readonly unreachable: (address: string, reason: string | undefined) => string
  readonly noRedis: (why: string) => string
  readonly begun: (prefix: string, devices: number, conversations: number, seconds: number, seed: number) => string
  readonly progress: (progress: Progress) => string
  readonly interrupted: string
  readonly did: (operations: number, acknowledged: number, resent: number) => string
  readonly faults: (count: number, named: string) => string
  readonly leftOut: (name: string, why: string) => string
  readonly noStore: string
  readonly none: string
  readonly found: (count: number) => string
  readonly report: (path: string) => string
  readonly left: (prefix: string, conversations: readonly string[], removal: string | undefined) => string
}

const secondsOf = ({ ms }: Progress): number => Math.floor(ms / 1_000)

const en: ChaosTexts = {
  about: "Make things go wrong for a cluster of yours, and see whether its promises hold",
  url: "a node's address, such as ws://127.0.0.1:8765; once for each node",
  redis: "the cluster's Redis: its log is judged, too, and its subscribers' connections are cut",
  redisPrefix: "what its keys begin with, as the nodes have it",
  seconds: "how long things go wrong",
  seed: "decides what goes wrong when; without one it is chosen and said",
  out: "folder for the record and its report (default: chaos-<seed>)",
  token: "a token that the nodes take: everybody is its user then",
  jwtSecret: "what the nodes' tokens are signed with: everybody gets one",
  yesHarmIt: "needed for nodes that are not on this machine",
  host: "needed there, too: the host's name as the addresses have it; once for each",
  noWhole: "It must be a whole number from 1.",
  more: `
People of its own write to each other in conversations of its own, on several
devices, over proxies of its own in front of the nodes. There connections are
cut, held and slowed down, everybody comes back at once, and messages are sent
two or three times in another order. Then all is healed, comes to rest, and is
judged: one order everywhere, nothing lost, nothing twice, everybody in the same
place. No agent is asked anything, no process is stopped, and nothing needs
root. All names begin with one prefix, which is said.

Not only its own people feel it where --redis is given: every subscriber's
connection of that Redis is cut, whoever it belongs to. Nodes come through that
by themselves; other programs that use the same Redis may not.

Start at least two nodes. By default a user may send 60 messages a minute, and
nobody here sends more.
docs/chaos.md says what each fault and each violation means.

Exit code: 0 if no promise was broken, 1 if one was, 2 if it could not be run.

Examples:
  npx everthread dev --nodes 3                            three nodes to harm, in another terminal
  npx everthread chaos --url ws://127.0.0.1:8765
  npx everthread chaos --url ws://127.0.0.1:8765 --url ws://127.0.0.1:8766 --redis redis://127.0.0.1:6379
  npx everthread chaos --url ws://staging.example:8765 --yes-harm-it --host staging.example --jwt-secret "$JWT_SECRET"`,
  noUrl:
    "Which nodes? Name at least one: --url ws://127.0.0.1:8765. A cluster to try it on: npx everthread dev --nodes 3",
  badUrl: (url) =>
    `${JSON.stringify(url)} is not the address of a node. It has to be ws://host:port, without a path; where TLS ends before the nodes, name the nodes behind that.`,
  badToken: "--token is not a JWT that says whose it is (sub). npx everthread token --user ada makes one.",
  notHere: (hosts) =>
    `${hosts.join(" and ")} ${hosts.length === 1 ? "is" : "are"} not on this machine, so people may be at work there. If it may be harmed, say so twice: --yes-harm-it ${hosts.map((host) => `--host ${host}`).join(" ")}`,
  unreachable: (address, reason) =>
    reason === undefined
      ? `No node of Everthread answers at ${address}.\nIs it up, and is that its port? npx everthread serve starts one.`
      : `${address} does not let us in: ${reason}\nWhere nodes want a token: --jwt-secret with what they sign with, or --token.`,
  noRedis: (why) => `The Redis cannot be used: ${why}\nLeave --redis away to judge only what devices are shown.`,
  begun: (prefix, devices, conversations, seconds, seed) =>
    `${devices} devices in ${conversations} conversations, all named ${prefix}-…; ${seconds} s, seed ${seed}.`,
  progress: (progress) =>
    `${secondsOf(progress)} s: ${progress.operations} messages, ${progress.acknowledged} acknowledged, ${progress.faults} faults${progress.wrong.length === 0 ? "" : `; now ${progress.wrong.join(", ")}`}`,
  interrupted: "It was interrupted: all was healed, and what there is was judged.",
  did: (operations, acknowledged, resent) =>
    `Messages ${operations}, acknowledged ${acknowledged}, sent again ${resent}.`,
  faults: (count, named) => `Faults ${count}${named === "" ? "" : `: ${named}`}.`,
  leftOut: (name, why) => `Left out: ${name}, because ${why}.`,
  noStore: "The store was not looked at (--redis): the log is what all devices saw of it.",
  none: "0 violations.",
  found: (count) => (count === 1 ? "1 violation:" : `${count} violations:`),
  report: (path) => `Report: ${path}`,
  left: (prefix, conversations, removal) =>
    `Left behind: ${conversations.join(" and ")}, which only ${prefix}-… can see.${removal === undefined ? "" : ` To remove them from a Redis of one server:\n${removal}`}`,
}

const zh: ChaosTexts = {
  about: "让您的集群出故障，看它的承诺是否仍然成立",
  url: "节点地址，例如 ws://127.0.0.1:8765；每个节点一次",
  redis: "集群的 Redis：同时判定其日志，并切断其订阅连接",
  redisPrefix: "其键的前缀，与节点的配置相同",
  seconds: "故障持续多少秒",
  seed: "决定何时发生什么；不给出则自动选择并显示",
  out: "存放记录和报告的目录（默认 chaos-<种子>）",
  token: "节点接受的令牌：此时所有设备都属于该用户",
  jwtSecret: "节点令牌的签名密钥：每个用户各得一个令牌",
  yesHarmIt: "节点不在本机时必须给出",
  host: "同样必须给出：地址中的主机名；每个主机一次",
  noWhole: "必须是不小于 1 的整数。",
  more: `
它用自己的用户在自己的对话中、从多台设备、经由自己架在节点前的代理互相发消息。代理会切断、扣住、放慢连接，
让所有设备同时重连，并把消息以不同顺序发送两三次。然后一切恢复、归于平静，并加以判定：处处顺序一致，没有丢失，
没有重复，所有设备到达同一位置。它不询问任何智能体，不停止任何进程，不需要 root。所有名称都以同一前缀开头，并会显示出来。

给出 --redis 时受影响的不只是它自己的用户：该 Redis 上所有订阅连接都会被切断，无论属于谁。
节点会自行恢复；使用同一 Redis 的其他程序未必。

请至少启动两个节点。默认每个用户每分钟可发送 60 条消息，这里没有人发得更多。
docs/chaos.md 说明每种故障和每种违规的含义。

退出码：0 表示承诺都成立，1 表示有承诺被打破，2 表示无法运行。

示例：
  npx everthread dev --nodes 3                            在另一个终端启动三个可供破坏的节点
  npx everthread chaos --url ws://127.0.0.1:8765
  npx everthread chaos --url ws://127.0.0.1:8765 --url ws://127.0.0.1:8766 --redis redis://127.0.0.1:6379
  npx everthread chaos --url ws://staging.example:8765 --yes-harm-it --host staging.example --jwt-secret "$JWT_SECRET"`,
  noUrl: "要对哪些节点？至少指定一个：--url ws://127.0.0.1:8765。可供尝试的集群：npx everthread dev --nodes 3",
  badUrl: (url) =>
    `${JSON.stringify(url)} 不是节点地址。必须形如 ws://host:port，不带路径；若 TLS 在节点之前终止，请指定其后的节点。`,
  badToken: "--token 不是写明所属用户（sub）的 JWT。可用 npx everthread token --user ada 生成。",
  notHere: (hosts) =>
    `${hosts.join("、")} 不在本机，可能有人正在使用。若允许破坏，请说两次：--yes-harm-it ${hosts.map((host) => `--host ${host}`).join(" ")}`,
  unreachable: (address, reason) =>
    reason === undefined
      ? `${address} 没有 Everthread 节点应答。\n节点是否已启动，端口是否正确？npx everthread serve 可启动一个。`
      : `${address} 拒绝接入：${reason}\n若节点要求令牌：用 --jwt-secret 给出其签名密钥，或用 --token。`,
  noRedis: (why) => `无法使用该 Redis：${why}\n去掉 --redis 则只判定设备所见。`,
  begun: (prefix, devices, conversations, seconds, seed) =>
    `${devices} 台设备，${conversations} 个对话，名称均为 ${prefix}-…；${seconds} 秒，种子 ${seed}。`,
  progress: (progress) =>
    `${secondsOf(progress)} 秒：消息 ${progress.operations}，已确认 ${progress.acknowledged}，故障 ${progress.faults}${progress.wrong.length === 0 ? "" : `；当前 ${progress.wrong.join("、")}`}`,
  interrupted: "已中断：一切已恢复，并判定了已有的内容。",
  did: (operations, acknowledged, resent) => `消息 ${operations}，已确认 ${acknowledged}，重发 ${resent}。`,
  faults: (count, named) => `故障 ${count}${named === "" ? "" : `：${named}`}。`,
  leftOut: (name, why) => `未使用：${name}（${why}）。`,
  noStore: "未查看存储（--redis）：日志以所有设备所见为准。",
  none: "0 处违规。",
  found: (count) => `${count} 处违规：`,
  report: (path) => `报告：${path}`,
  left: (prefix, conversations, removal) =>
    `留下的内容：${conversations.join("、")}，只有 ${prefix}-… 能看到。${removal === undefined ? "" : `从单机 Redis 中删除：\n${removal}`}`,
}

export const chaosTexts: Readonly<Record<Language, ChaosTexts>> = { en, zh }
