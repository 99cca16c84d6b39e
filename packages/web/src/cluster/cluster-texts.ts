/** What the cluster's panel says: here, because only those who develop load it. The compiler refuses a hole. */
import { type Language, textsOf } from "../i18n/language.ts"
import type { ClusterNode, ClusterRun, RunLine } from "./cluster.ts"

const en = {
  title: "Cluster",
  live: (live: number, all: number) => `${live} of ${all} live`,
  show: "Show the cluster",
  hide: "Hide the cluster",
  nodes: "Nodes",
  states: { starting: "starting", live: "live", paused: "paused", stopping: "leaving" },
  down: { new: "not started", killed: "killed", stopped: "stopped", ended: "ended by itself" },
  port: (port: number) => `port ${port}`,
  pid: (pid: number) => `pid ${pid}`,
  connections: (count: number) => `${count} ${count === 1 ? "connection" : "connections"}`,
  runsOn: (count: number) => `${count} ${count === 1 ? "run" : "runs"}`,
  here: "This page is connected here",
  kill: "Kill",
  killNode: (node: string) => `Kill ${node} (kill -9)`,
  pause: "Pause",
  pauseNode: (node: string) => `Pause ${node} (SIGSTOP)`,
  goOn: "Let it go on",
  goOnNode: (node: string) => `Let ${node} go on (SIGCONT)`,
  start: "Start again",
  startNode: (node: string) => `Start ${node} again`,
  runs: "Runs",
  noRuns: "Nothing runs. Ask an agent for a story, and kill the node that tells it.",
  asked: (asked: string) => `“${asked}”`,
  inConversation: (title: string) => `in ${title}`,
  untitled: "a conversation without a title",
  queued: "waits for a worker",
  waiting: "waits for an answer",
  working: (agent: string, node: string) => `${agent} is working on ${node}`,
  recovering: (agent: string, node: string) => `${agent} is recovering on ${node}`,
  // In the words of the chat, which stands beside it.
  orphaned: textsOf.en.run.orphaned,
  ended: (outcome: string, node: string) => (node === "" ? outcome : `${outcome} on ${node}`),
  outcomes: { completed: "completed", stopped: "stopped", failed: "failed", merged: "taken in by another run" },
  attempt: (attempt: number) => `attempt ${attempt}`,
  way: (nodes: readonly string[]) => nodes.join(" → "),
  asking: "Looking …",
  lost: "everthread dev does not answer.",
}

export type ClusterTexts = typeof en

const zh: ClusterTexts = {
  title: "集群",
  live: (live, all) => `${live}/${all} 存活`,
  show: "显示集群",
  hide: "隐藏集群",
  nodes: "节点",
  states: { starting: "正在启动", live: "存活", paused: "已暂停", stopping: "正在退出" },
  down: { new: "未启动", killed: "已被杀死", stopped: "已停止", ended: "自行结束" },
  port: (port) => `端口 ${port}`,
  pid: (pid) => `进程 ${pid}`,
  connections: (count) => `${count} 个连接`,
  runsOn: (count) => `${count} 个运行`,
  here: "本页面连接在此",
  kill: "杀死",
  killNode: (node) => `杀死 ${node}（kill -9）`,
  pause: "暂停",
  pauseNode: (node) => `暂停 ${node}（SIGSTOP）`,
  goOn: "继续",
  goOnNode: (node) => `让 ${node} 继续（SIGCONT）`,
  start: "重新启动",
  startNode: (node) => `重新启动 ${node}`,
  runs: "运行",
  noRuns: "没有运行。让智能体讲个故事，然后杀死正在讲的节点。",
  asked: (asked) => `“${asked}”`,
  inConversation: (title) => `于 ${title}`,
  untitled: "未命名的对话",
  queued: "等待处理",
  waiting: "等待回答",
  working: (agent, node) => `${agent} 正在 ${node} 上工作`,
  recovering: (agent, node) => `${agent} 正在 ${node} 上恢复`,
  orphaned: textsOf.zh.run.orphaned,
  ended: (outcome, node) => (node === "" ? outcome : `在 ${node} 上${outcome}`),
  outcomes: { completed: "已完成", stopped: "已停止", failed: "失败", merged: "已并入另一次运行" },
  attempt: (attempt) => `第 ${attempt} 次尝试`,
  way: (nodes) => nodes.join(" → "),
  asking: "正在查看……",
  lost: "everthread dev 没有响应。",
}

export const clusterTexts: Readonly<Record<Language, ClusterTexts>> = { en, zh }

export function stateText({ state, why = "stopped" }: ClusterNode, texts: ClusterTexts): string {
  return state === "down" ? texts.down[why] : texts.states[state]
}

export function lineText(line: RunLine, { agent }: Pick<ClusterRun, "agent">, texts: ClusterTexts): string {
  switch (line.kind) {
    case "queued":
    case "waiting":
      return texts[line.kind]
    case "working":
    case "recovering":
      return texts[line.kind](agent, line.node)
    case "orphaned":
      return texts.orphaned(line.node)
    case "ended":
      return texts.ended(outcomeText(line.status, texts), line.node)
  }
}

function outcomeText(status: ClusterRun["status"], { outcomes }: ClusterTexts): string {
  return status in outcomes ? outcomes[status as keyof typeof outcomes] : status
}
