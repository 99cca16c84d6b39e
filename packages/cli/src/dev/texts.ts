/** Everything `everthread dev` says, in both of its languages. The compiler refuses a table with a hole. */
import type { Language } from "../language.ts"
import type { DevNode } from "./dev-node.ts"

type StateTexts = Readonly<Record<Exclude<DevNode["state"]["name"], "down" | "live">, string>> &
  Readonly<Record<"killed" | "stopped" | "ended", string>>

const en = {
  about: "Serve while you develop: restarts at each change; with --nodes 3, a cluster to watch and to kill",
  nodes: "how many nodes, each a process of its own, from 1 to 9; more than one share a Redis",
  graph: "an agent to serve, as for serve; as often as needed",
  port: "the address that stays, whatever becomes of a node; 0: any free one",
  data: "where everything is stored",
  redis: "the Redis that the nodes share; without it, one at 127.0.0.1:6379 if it answers, else one of their own",
  graphPlace: "[name=]path:export",
  badNodes: "It must be a number from 1 to 9.",
  badPort: "It must be a port from 1 to 65535, or 0 for any free one.",
  badUrl: "It must look like redis://127.0.0.1:6379.",
  examples: `
What it does: starts nodes with the agents of --graph, of ./langgraph.json, or the demo agent, and one address in front
of them. When a file in an agent's folder changes, the nodes are restarted one after the other, and runs go on.
Authentication is off, and only this machine can connect. What is set in the environment for serve does not count here.

Examples:
  npx everthread dev --graph ./agent.mjs:graph           one node, restarted at each change
  npx everthread dev --nodes 3                           three, and a panel in the page to kill and to pause them
  npx everthread dev --nodes 3 --redis redis://127.0.0.1:6380`,
  ready: (url: string) => `Everthread is ready for development at ${url}`,
  facts: { agents: "agents", store: "store ", nodes: "nodes ", watched: "watch " },
  panel: "The page has a panel: kill a node while the agent speaks, and see what becomes of the run.",
  noWebApp: "The web app is not built: npm run build",
  stop: "Ctrl-C stops it in good order.",
  nobody: "No node is live. Start one in the panel of a page that is open, or start everthread dev again.",
  embedded: (folder: string) => `embedded, in ${folder}`,
  ownRedis: (folder: string) => `a Redis of their own, in ${folder}`,
  sharedRedis: (where: string, prefix: string) => `the Redis at ${where}, under ${prefix}`,
  noRedis: (nodes: number) => `${nodes} nodes share a Redis. None answers at 127.0.0.1:6379, and none is installed.`,
  noRedisAdvice:
    "Install one (sudo apt-get install redis-server, brew install redis), name one with --redis, or leave --nodes out.",
  redisFailed: "The Redis of these nodes does not start. It said:",
  redisFailedAdvice: "Start one yourself, and name it with --redis.",
  noneStarted: "No node started.",
  noneStartedAdvice: "What they said stands above.",
  portInUse: (port: number) => `Port ${port} is in use.`,
  portRefused: (port: number, code: string) => `Port ${port} cannot be listened on (${code}).`,
  portAdvice: "Choose another one with --port, such as --port 8766, or --port 0 for any free one.",
  changed: (file: string) => `${file} has changed: the nodes are restarted, one after the other.`,
  live: (port: number) => `is live on port ${port}`,
  states: {
    starting: "starts",
    paused: "stands still",
    stopping: "hands its runs over",
    killed: "was killed",
    stopped: "is down",
    ended: "has ended by itself; it is started again when a file changes",
  } satisfies StateTexts as StateTexts,
  interrupted: "Stopped. The nodes have ended.",
}

export type DevTexts = typeof en

const zh: DevTexts = {
  about: "开发时使用：文件一改就重启；加 --nodes 3 即得到可观察、可杀死节点的集群",
  nodes: "节点数，1 到 9，每个节点一个进程；多于一个时共享一个 Redis",
  graph: "要提供服务的智能体，写法同 serve，可重复",
  port: "始终不变的地址，不受节点存亡影响；0 表示任选空闲端口",
  data: "数据存放的目录",
  redis: "各节点共享的 Redis；未指定时，若 127.0.0.1:6379 有响应则使用它，否则自行启动一个",
  graphPlace: "[名称=]路径:导出名",
  badNodes: "必须是 1 到 9 的数字。",
  badPort: "必须是 1 到 65535 的端口，或 0（任选空闲端口）。",
  badUrl: "地址应形如 redis://127.0.0.1:6379。",
  examples: `
过程：用 --graph、./langgraph.json 中的智能体或演示智能体启动节点，前面是同一个地址。
智能体目录中的文件一有改动，节点就逐个重启，运行会继续。
身份验证关闭，只有本机可以连接。环境中为 serve 设置的选项在这里不起作用。

示例：
  npx everthread dev --graph ./agent.mjs:graph           一个节点，每次改动后重启
  npx everthread dev --nodes 3                           三个节点，网页中有面板可杀死或暂停它们
  npx everthread dev --nodes 3 --redis redis://127.0.0.1:6380`,
  ready: (url) => `Everthread 开发环境已就绪：${url}`,
  facts: { agents: "智能体", store: "存储  ", nodes: "节点  ", watched: "监视  " },
  panel: "网页中有一个面板：在智能体说话时杀死节点，看看运行会怎样。",
  noWebApp: "网页应用尚未构建：npm run build",
  stop: "按 Ctrl-C 正常停止。",
  nobody: "没有存活的节点。请在已打开的页面的面板中启动一个，或重新运行 everthread dev。",
  embedded: (folder) => `内嵌存储，位于 ${folder}`,
  ownRedis: (folder) => `自带的 Redis，位于 ${folder}`,
  sharedRedis: (where, prefix) => `${where} 的 Redis，键前缀 ${prefix}`,
  noRedis: (nodes) => `${nodes} 个节点需要共享一个 Redis，但 127.0.0.1:6379 没有响应，本机也未安装。`,
  noRedisAdvice:
    "请安装 Redis（sudo apt-get install redis-server 或 brew install redis），用 --redis 指定一个，或去掉 --nodes。",
  redisFailed: "自带的 Redis 未能启动，它说：",
  redisFailedAdvice: "请自行启动一个，并用 --redis 指定。",
  noneStarted: "没有节点启动成功。",
  noneStartedAdvice: "原因见上面的输出。",
  portInUse: (port) => `端口 ${port} 已被占用。`,
  portRefused: (port, code) => `无法监听端口 ${port}（${code}）。`,
  portAdvice: "请用 --port 换一个，例如 --port 8766；--port 0 表示任选空闲端口。",
  changed: (file) => `${file} 有改动：节点将逐个重启。`,
  live: (port) => `已就绪，端口 ${port}`,
  states: {
    starting: "正在启动",
    paused: "已暂停",
    stopping: "正在移交运行",
    killed: "已被杀死",
    stopped: "已停止",
    ended: "自行结束；文件改动后会再次启动",
  },
  interrupted: "已停止。节点已结束。",
}

export const devTexts: Readonly<Record<Language, DevTexts>> = { en, zh }
