/** Everything this show says, in both of its languages. The compiler refuses a table with a hole. */
import { redisPrefix } from "../demo-cluster/node-flags.ts"
import type { Language } from "../language.ts"
import type { Takeover } from "./show-play.ts"
import type { Promised } from "./verdict.ts"

const en = {
  about: "Watch an answer go on when the node that speaks it is killed",
  redis: "the Redis that the nodes share; without it, one at 127.0.0.1:6379 if it answers",
  noRedis: "without one, even if one answers: one node, which is started again",
  examples: `
What it does: an agent tells a story on two devices. In the middle of a sentence the process that speaks gets a
kill -9. Another one takes the run over: it takes back what was said since the last checkpoint, and goes on. At the end
the text is compared with the one that is told when nothing happens; the exit code is 1 if anything differs, and 130
after Ctrl-C.

Examples:
  npx everthread demo takeover                                   with Redis if one answers here, else without
  npx everthread demo takeover --redis redis://127.0.0.1:6379    three processes, of which one is killed
  npx everthread demo takeover --no-redis                        one process, killed and started again
  npx everthread demo takeover --fast --json                     for scripts`,
  starting: "Starting …",
  onRedis: (where: string) => `Three nodes, each a process of its own. All they share is the Redis at ${where}.`,
  onEmbedded: "One node, a process on an embedded store. Nobody can take over from it: it will be started again.",
  scene: "A node dies in the middle of a sentence",
  question: "Tell me a story",
  node: (node: number) => `node ${node}`,
  reconnecting: "reconnecting",
  nobodyYet: "nobody speaks yet",
  speaks: (node: number, attempt: number) => `node ${node} speaks, attempt ${attempt}`,
  done: (node: number) => `told to its end by node ${node}`,
  silent: (seconds: string) => `nobody speaks: ${seconds} s`,
  kill: (node: number, pid: number) => `kill -9 ${pid}: that was node ${node}, in the middle of a sentence.`,
  startAgain: "The same node is started again on its data folder.",
  recovering: (node: number, attempt: number, seconds: string) =>
    `Recovering on node ${node}, attempt ${attempt}, ${seconds} s after the kill.`,
  struck: "✗",
  tookBack: (text: string) => `Taken back, and told again: “${text}”`,
  times: ({ silenceSeconds }: Takeover, lease: string) =>
    `From the kill to the next word: ${silenceSeconds.toFixed(1)} s. A silent node is taken for dead after ${lease} s.`,
  timesAgain: ({ silenceSeconds }: Takeover) =>
    `From the kill to the next word: ${silenceSeconds.toFixed(1)} s, the start of the process included.`,
  noTakeover: "The story never came as far as to be taken over.",
  head: { promise: "what is promised", promised: "promised", counted: "counted" },
  promises: {
    sameText: "different texts, the undisturbed one among them",
    wrongMoments: "moments that showed more than how it begins",
    retracted: "devices that saw the words taken back",
    attempts: "attempts",
    ended: "ends of the run",
    asked: "times that the question is there",
  } satisfies Record<Promised, string>,
  ok: "ok",
  wrong: "WRONG",
  allOk: (chars: number, seconds: string) =>
    `All ${chars} characters are those of the undisturbed story, after ${seconds} s.`,
  someWrong: (count: number) => `${count} ${count === 1 ? "count is" : "counts are"} not as promised.`,
  someWrongAdvice: "Run it again with --json to see every count, and tell us: this must not happen.",
  complaints: "The nodes said:",
  leftNothing: "Nothing is left of it: the node is stopped and the temporary folder is removed.",
  leftInRedis: (run: string) =>
    `The nodes are stopped. A conversation stays in that Redis, with "${run}" in its name and under keys that begin with ${redisPrefix}.`,
}

export type TakeoverTexts = typeof en

const zh: TakeoverTexts = {
  about: "观看正在回答的节点被杀死后，回答如何继续",
  redis: "各节点共享的 Redis；未指定时，若 127.0.0.1:6379 有响应则使用它",
  noRedis: "不使用 Redis，即使有响应：只有一个节点，被杀后重新启动",
  examples: `
过程：智能体在两台设备上讲故事，讲到一句话中间时，正在讲的进程被 kill -9。另一个进程接管：撤回上一个检查点之后
说过的话，然后继续。最后与未受干扰时的文本比对；有任何不同时退出码为 1，按 Ctrl-C 时为 130。

示例：
  npx everthread demo takeover                                   本机有 Redis 则使用，否则不用
  npx everthread demo takeover --redis redis://127.0.0.1:6379    三个进程，其中一个被杀死
  npx everthread demo takeover --no-redis                        一个进程，被杀死后重新启动
  npx everthread demo takeover --fast --json                     用于脚本`,
  starting: "正在启动……",
  onRedis: (where) => `三个节点，各自一个进程，只共享 ${where} 的 Redis。`,
  onEmbedded: "一个节点，一个进程，使用内嵌存储。没有别的节点可以接管：它会被重新启动。",
  scene: "节点在一句话中间死去",
  question: "讲个故事",
  node: (node) => `节点 ${node}`,
  reconnecting: "重新连接中",
  nobodyYet: "还没有节点在讲",
  speaks: (node, attempt) => `节点 ${node} 在讲，第 ${attempt} 次尝试`,
  done: (node) => `由节点 ${node} 讲完`,
  silent: (seconds) => `没有节点在讲：${seconds} 秒`,
  kill: (node, pid) => `kill -9 ${pid}：这是节点 ${node}，正讲到一句话中间。`,
  startAgain: "同一个节点在原来的数据目录上重新启动。",
  recovering: (node, attempt, seconds) => `节点 ${node} 正在恢复，第 ${attempt} 次尝试，距被杀 ${seconds} 秒。`,
  struck: "✗",
  tookBack: (text) => `撤回后重讲：“${text}”`,
  times: ({ silenceSeconds }, lease) =>
    `从被杀到下一个词：${silenceSeconds.toFixed(1)} 秒。节点静默 ${lease} 秒后视为失联。`,
  timesAgain: ({ silenceSeconds }) => `从被杀到下一个词：${silenceSeconds.toFixed(1)} 秒，包括进程启动的时间。`,
  noTakeover: "故事没有讲到可以接管的地方。",
  head: { promise: "承诺", promised: "应为", counted: "实为" },
  promises: {
    sameText: "不同的文本（包括未受干扰的）",
    wrongMoments: "显示内容不是故事开头部分的时刻",
    retracted: "看到撤回的设备",
    attempts: "尝试次数",
    ended: "运行结束的次数",
    asked: "问题出现的次数",
  },
  ok: "正确",
  wrong: "错误",
  allOk: (chars, seconds) => `全部 ${chars} 个字符与未受干扰的故事一致，用时 ${seconds} 秒。`,
  someWrong: (count) => `有 ${count} 项计数与承诺不符。`,
  someWrongAdvice: "请用 --json 再运行一次查看全部计数，并告诉我们：这不应该发生。",
  complaints: "节点的日志：",
  leftNothing: "没有留下任何东西：节点已停止，临时目录已删除。",
  leftInRedis: (run) => `节点已停止。该 Redis 中留下一个对话，名称中带有 “${run}”，键以 ${redisPrefix} 开头。`,
}

export const takeoverTexts: Readonly<Record<Language, TakeoverTexts>> = { en, zh }
