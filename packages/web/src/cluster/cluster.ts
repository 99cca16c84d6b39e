/** What `everthread dev` tells of its nodes and of the runs that are under way on them. */

export type NodeState = "starting" | "live" | "paused" | "stopping" | "down"
export type DownReason = "new" | "killed" | "stopped" | "ended"

export interface ClusterNode {
  readonly id: string
  readonly state: NodeState
  /** Where it is down. */
  readonly why?: DownReason
  readonly port?: number
  readonly pid?: number
  readonly connections: number
}

export interface ClusterRun {
  readonly conversation: string
  readonly title?: string
  readonly run: string
  readonly agent: string
  /** What was asked, or how it begins. */
  readonly asked: string
  readonly status: "queued" | "running" | "waiting" | "completed" | "stopped" | "failed" | "merged"
  readonly attempt: number
  /** Who owns it, or owned it last. */
  readonly node?: string
  /** Every node that owned it, in their order. */
  readonly nodes: readonly string[]
}

export interface Cluster {
  readonly nodes: readonly ClusterNode[]
  readonly runs: readonly ClusterRun[]
}

export type NodeAction = "kill" | "pause" | "continue" | "start"

export type RunLine =
  | { readonly kind: "queued" | "waiting" }
  | { readonly kind: "working"; readonly node: string; readonly attempt: number }
  | { readonly kind: "recovering"; readonly node: string; readonly attempt: number }
  /** Its owner is gone or stands still, and nobody has taken it over yet. */
  | { readonly kind: "orphaned"; readonly node: string }
  | { readonly kind: "ended"; readonly status: ClusterRun["status"]; readonly node: string; readonly attempt: number }

/** @returns what is to be said of a run. */
export function lineOf(run: ClusterRun, nodes: readonly ClusterNode[]): RunLine {
  const { status, attempt } = run
  // Nobody owns what has ended.
  const node = run.node ?? run.nodes.at(-1) ?? ""
  if (status === "queued" || status === "waiting") return { kind: status }
  if (status !== "running") return { kind: "ended", status, node, attempt }
  if (silentNodes(nodes).includes(node)) return { kind: "orphaned", node }
  return { kind: attempt > 1 ? "recovering" : "working", node, attempt }
}

/** @returns the nodes that do nothing, dead or standing still. */
export function silentNodes(nodes: readonly ClusterNode[]): readonly string[] {
  return nodes.filter(({ state }) => state === "down" || state === "paused").map(({ id }) => id)
}

export function isUnderWay({ status }: ClusterRun): boolean {
  return status === "queued" || status === "waiting" || status === "running"
}

/** @returns how many runs a node works on. */
export function runsOn(node: ClusterNode, runs: readonly ClusterRun[]): number {
  return node.state === "live" ? runs.filter((run) => run.status === "running" && run.node === node.id).length : 0
}
