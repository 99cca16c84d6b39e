/** Everything the demo says, in both of its languages. The compiler refuses a table with a hole. */

import type { Language } from "../language.ts"
import type { Return, Sums } from "./counts.ts"
import type { Promised } from "./judge.ts"
import { redisPrefix } from "./node-flags.ts"

const en = {
  about: "Show a cluster of three nodes on this machine: one order, recovery, devices in step",
  redis: "the Redis that the nodes share; without it, one at 127.0.0.1:6379 if it answers",
  noRedis: "without one, even if one answers: all in this one process",
  port: "the first node's port, the others take the next two; 0: any free ones",
  fast: "without the pauses that are there for the reader",
  json: "one JSON object with the counts instead of the display",
  badUrl: "It must look like redis://127.0.0.1:6379.",
  badPort: "It must be a port from 1 to 65533, or 0 for any free ones.",
  examples: `
What it does: starts three nodes, connects five clients to them over real WebSockets, and plays three scenes. Each
promise is counted and compared; the exit code is 1 if any count is wrong, and 130 after Ctrl-C.

Examples:
  npx everthread demo                                    with Redis if one answers here, else without
  npx everthread demo --redis redis://127.0.0.1:6379     three processes that share nothing but this Redis
  npx everthread demo --port 9100                        where 9000 to 9002 are in use
  npx everthread demo --fast --json                      for scripts`,
  portInUse: (port: number) => `Port ${port} is in use, and the demo needs three that follow each other.`,
  portRefused: (port: number, code: string) => `Port ${port} cannot be listened on (${code}).`,
  portAdvice: "Choose others with --port, such as --port 9100, or --port 0 for any free ones.",
  starting: "Starting three nodes …",
  onRedis: (where: string) => `Three nodes, each a process of its own. All they share is the Redis at ${where}.`,
  noRedisHere: (where: string) =>
    `No Redis answers at ${where}. Start one, or name one with --redis, to see three processes that share nothing else.`,
  redisRefused: (where: string, reason: string) => `There is a Redis at ${where}, but it cannot be used: ${reason}`,
  onEmbedded: "This is no cluster of machines: three servers in this one process, on one embedded store.",
  nodeFailed: "A node did not start. It said:",
  nodeSilent: "nothing, and ended.",
  nodes: (urls: readonly string[]) => `Nodes: ${urls.join("  ")}`,
  scenes: {
    1: "One order for everybody",
    2: "Cut off, and back on another node",
    3: "One user, three devices in step",
  },
  short: { 1: "1 order", 2: "2 recovery", 3: "3 devices" },
  everybodyWrites: (people: number, each: number) =>
    `${people} people on three nodes write ${each} messages each, all at the same time.`,
  cutOff: (names: readonly string[]) =>
    `${names.join(" and ")} are cut off in the middle of writing: their sockets are destroyed. The others go on.`,
  cameBack: ({ name, fromNode, toNode, had, missed, got, unconfirmed }: Return) =>
    `${name} is back, on node ${toNode} instead of ${fromNode}: had ${had}, missed ${missed}, got ${got}; ${unconfirmed} of its own were unconfirmed, and sent again.`,
  asksStory: (device: string) => `Typed on the ${device}: the answer grows on all three.`,
  asksAnother: (device: string, stopper: string) => `Typed on the ${device}, and stopped from the ${stopper}.`,
  asksTable: (device: string, first: string, second: string) =>
    `Typed on the ${device}: the agent asks before it acts. The ${first} and the ${second} both answer, at the same time.`,
  answeredBy: (device: string) => `The ${device} was first; the other one was told so.`,
  story: "Tell me a story",
  anotherStory: "And another story, please",
  table: "Book a table for 3 tonight at eight",
  node: (number: number) => `node ${number}`,
  cut: "cut off",
  has: (count: number, total: number) => `has ${String(count).padStart(String(total).length)} of ${total}`,
  order: (digest: string) => `order ${digest}`,
  answer: (number: number, outcome: string) => `answer ${number}, ${outcome}`,
  sums: ({ received, orders, gaps, duplicates }: Sums) =>
    `Received ${received} in all; different orders ${orders}, gaps ${gaps}, duplicates ${duplicates}.`,
  head: { scene: "scene", promise: "what is promised", promised: "promised", counted: "counted", verdict: "" },
  promises: {
    all: "every message on every device",
    order: "different sequences",
    gaps: "gaps",
    duplicates: "duplicates",
    otherNodes: "devices back on another node",
    missed: "missed messages that came on return",
    streamed: "devices that saw the answer grow",
    sameAnswer: "different texts of the answer",
    stopped: "devices that saw the stop of another",
    sameStop: "different texts of what was stopped",
    question: "devices that showed the question",
    firstWins: "answers stored of two at once",
    refused: "answers told that they were too late",
    sameResult: "different texts of the result",
  } satisfies Record<Promised, string>,
  ok: "ok",
  wrong: "WRONG",
  allOk: (checks: number, seconds: string) => `All ${checks} counts are as promised, after ${seconds} s.`,
  someWrong: (count: number) => `${count} ${count === 1 ? "count is" : "counts are"} not as promised.`,
  someWrongAdvice: "Run it again with --json to see every count, and tell us: this must not happen.",
  complaints: "The nodes said:",
  leftNothing: "Nothing is left of it: the nodes are stopped and the temporary folder is removed.",
  leftInRedis: (run: string) =>
    `The nodes are stopped. Two conversations stay in that Redis, with "${run}" in their names and under keys that begin with ${redisPrefix}.`,
  interrupted: "Stopped. The nodes have ended and the temporary folder is removed.",
}

export type DemoTexts = typeof en

const zh: DemoTexts = {
  about: "在本机演示三节点集群：顺序一致、断线恢复、多设备同步",
  redis: "各节点共享的 Redis；未指定时，若 127.0.0.1:6379 有响应则使用它",
  noRedis: "不使用 Redis，即使有响应：全部运行在一个进程里",
  port: "第一个节点的端口，另外两个依次加一；0 表示任选空闲端口",
  fast: "去掉为便于阅读而设的停顿",
  json: "不显示画面，只输出一个包含全部计数的 JSON 对象",
  badUrl: "地址应形如 redis://127.0.0.1:6379。",
  badPort: "必须是 1 到 65533 的端口，或 0（任选空闲端口）。",
  examples: `
过程：启动三个节点，用五个客户端通过真实的 WebSocket 连接，依次演示三幕。每一项承诺都会被计数和比对；
任何计数不符时退出码为 1，按 Ctrl-C 时为 130。

示例：
  npx everthread demo                                    本机有 Redis 则使用，否则不用
  npx everthread demo --redis redis://127.0.0.1:6379     三个进程，只共享这个 Redis
  npx everthread demo --port 9100                        当 9000 到 9002 被占用时
  npx everthread demo --fast --json                      用于脚本`,
  portInUse: (port) => `端口 ${port} 已被占用，而演示需要三个连续的端口。`,
  portRefused: (port, code) => `无法监听端口 ${port}（${code}）。`,
  portAdvice: "请用 --port 换一组，例如 --port 9100；--port 0 表示任选空闲端口。",
  starting: "正在启动三个节点……",
  onRedis: (where) => `三个节点，各自一个进程，只共享 ${where} 的 Redis。`,
  noRedisHere: (where) => `${where} 没有 Redis 响应。启动 Redis 或用 --redis 指定一个，即可看到只共享它的三个进程。`,
  redisRefused: (where, reason) => `${where} 有 Redis，但无法使用：${reason}`,
  onEmbedded: "这不是多机集群：三个服务运行在这一个进程里，共用一个内嵌存储。",
  nodeFailed: "有节点未能启动，它说：",
  nodeSilent: "（什么也没说就结束了）",
  nodes: (urls) => `节点：${urls.join("  ")}`,
  scenes: { 1: "所有人看到同一个顺序", 2: "断线后从另一个节点回来", 3: "一个用户，三台设备同步" },
  short: { 1: "1 顺序", 2: "2 恢复", 3: "3 设备" },
  everybodyWrites: (people, each) => `${people} 个人分布在三个节点上，同时各写 ${each} 条消息。`,
  cutOff: (names) => `${names.join(" 和 ")} 在发送途中断线：套接字被直接销毁。其他人继续。`,
  cameBack: ({ name, fromNode, toNode, had, missed, got, unconfirmed }) =>
    `${name} 回来了，从节点 ${fromNode} 换到节点 ${toNode}：原有 ${had} 条，错过 ${missed} 条，补到 ${got} 条；自己有 ${unconfirmed} 条未确认，已重新发送。`,
  asksStory: (device) => `在 ${device} 上输入：回答在三台设备上同时生长。`,
  asksAnother: (device, stopper) => `在 ${device} 上输入，从 ${stopper} 上停止。`,
  asksTable: (device, first, second) => `在 ${device} 上输入：智能体先征求同意。${first} 和 ${second} 同时回答。`,
  answeredBy: (device) => `${device} 抢先，另一台得知已有人回答。`,
  story: "讲个故事",
  anotherStory: "再讲一个故事",
  table: "订一张今晚八点的桌子，3 个人",
  node: (number) => `节点 ${number}`,
  cut: "已断线",
  has: (count, total) => `已有 ${String(count).padStart(String(total).length)}/${total}`,
  order: (digest) => `顺序 ${digest}`,
  answer: (number, outcome) => `回答 ${number} ${outcomesZh[outcome] ?? outcome}`,
  sums: ({ received, orders, gaps, duplicates }) =>
    `共收到 ${received} 条；不同的顺序 ${orders}，缺口 ${gaps}，重复 ${duplicates}。`,
  head: { scene: "场景", promise: "承诺", promised: "应为", counted: "实为", verdict: "" },
  promises: {
    all: "每台设备收到每条消息",
    order: "不同的顺序",
    gaps: "缺口",
    duplicates: "重复",
    otherNodes: "换到其他节点的设备",
    missed: "错过后补到的消息",
    streamed: "看到回答逐步生长的设备",
    sameAnswer: "回答的不同文本",
    stopped: "看到其他设备停止回答的设备",
    sameStop: "停止后的不同文本",
    question: "显示了提问的设备",
    firstWins: "两个同时的回答中被保存的",
    refused: "被告知来晚了的回答",
    sameResult: "结果的不同文本",
  },
  ok: "正确",
  wrong: "错误",
  allOk: (checks, seconds) => `全部 ${checks} 项计数与承诺一致，用时 ${seconds} 秒。`,
  someWrong: (count) => `有 ${count} 项计数与承诺不符。`,
  someWrongAdvice: "请用 --json 再运行一次查看全部计数，并告诉我们：这不应该发生。",
  complaints: "节点的日志：",
  leftNothing: "没有留下任何东西：节点已停止，临时目录已删除。",
  leftInRedis: (run) => `节点已停止。该 Redis 中留下两个对话，名称中带有 “${run}”，键以 ${redisPrefix} 开头。`,
  interrupted: "已停止。节点已结束，临时目录已删除。",
}

const outcomesZh: Readonly<Record<string, string>> = { completed: "已完成", stopped: "已停止", failed: "失败" }

export const demoTexts: Readonly<Record<Language, DemoTexts>> = { en, zh }
