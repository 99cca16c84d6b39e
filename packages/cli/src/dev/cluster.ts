/**
 * The nodes of `everthread dev` together: whom a new connection is led to, what is shown of them, and how they are
 * restarted one after the other, so that somebody is always there. (SPEC DEV1, DEV5)
 */
import type { DevNode, NodeState } from "./dev-node.ts"
import type { NodeFacts, RunFacts } from "./node-link.ts"

export const actions = ["kill", "pause", "continue", "start"] as const
export type Action = (typeof actions)[number]

export interface ShownNode {
  readonly id: string
  readonly state: NodeState["name"]
  /** Why it is down. */
  readonly why?: string
  readonly port?: number
  readonly pid?: number
  /** As it said last; 0 where it is down. */
  readonly connections: number
}

export interface ShownRun extends RunFacts {
  /** Every node that was seen to own it, in their order. */
  readonly nodes: readonly string[]
}

export interface ShownCluster {
  readonly nodes: readonly ShownNode[]
  readonly runs: readonly ShownRun[]
}

/** Conversations whose last run stays shown after it has ended. */
const watchedMax = 6

export class DevCluster {
  readonly #nodes: readonly DevNode[]
  #turn = 0
  readonly #facts = new Map<string, NodeFacts>()
  #runs: readonly ShownRun[] = []
  #restarting: Promise<void> | undefined
  #restartAgain = false
  #isOver = false
  readonly #waiting = new Set<() => void>()

  constructor(nodes: readonly DevNode[]) {
    this.#nodes = nodes
  }

  /** Resolves when each is live or has ended instead. @returns how many are live. */
  async start(): Promise<number> {
    await Promise.all(this.#nodes.map((node) => node.start()))
    return this.#live().length
  }

  /** For the nodes to call. */
  changed(): void {
    if (this.#live().length === 0) return
    for (const tell of [...this.#waiting]) tell()
  }

  /** @returns a live node's port, each in turn; `undefined`: none is. */
  port(): number | undefined {
    const live = this.#live()
    return live[this.#turn++ % Math.max(live.length, 1)]
  }

  /** Calls `tell` once, as soon as a node is live. @returns stops it. */
  onLive(tell: () => void): () => void {
    const once = () => {
      this.#waiting.delete(once)
      tell()
    }
    this.#waiting.add(once)
    return () => this.#waiting.delete(once)
  }

  /** @returns whether there is such a node, and it was in a state in which that can be done. */
  act(id: string, action: Action): boolean {
    const node = this.#nodes.find((candidate) => candidate.id === id)
    if (!node) return false
    if (action === "kill") return node.kill()
    if (action === "pause") return node.pause()
    if (action === "continue") return node.goOn()
    if (node.state.name !== "down") return false
    void node.start()
    return true
  }

  async look(): Promise<ShownCluster> {
    const conversations = [...new Set(this.#runs.map(({ conversation }) => conversation))].slice(-watchedMax)
    const [first] = this.#nodes.filter(({ state }) => state.name === "live")
    await Promise.all(
      this.#nodes.map(async (node) => {
        const facts = await node.look(node === first ? conversations : undefined)
        if (facts) this.#facts.set(node.id, facts)
        // What a store that is away does not say is not known to have changed.
        if (facts?.runs) this.#runs = facts.runs.map((run) => this.#withNodes(run))
      }),
    )
    return { nodes: this.#nodes.map((node) => this.#shown(node)), runs: this.#runs }
  }

  /** Those that somebody killed or paused stay as they are. A change that comes meanwhile is another restart. */
  restart(): Promise<void> {
    this.#restartAgain = true
    this.#restarting ??= this.#restartAll().finally(() => {
      this.#restarting = undefined
    })
    return this.#restarting
  }

  /** For good: nobody is started again. */
  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#nodes.map((node) => node.stop()))
  }

  async #restartAll(): Promise<void> {
    while (this.#restartAgain) {
      this.#restartAgain = false
      for (const node of this.#nodes) {
        if (this.#restartAgain) break
        if (!mayRestart(node.state)) continue
        await node.stop()
        if (this.#isOver) return
        await node.start()
        // What does not start here would not start elsewhere: the others go on with what they have.
        if (node.state.name === "down") break
      }
    }
  }

  #live(): number[] {
    return this.#nodes.flatMap(({ state }) => (state.name === "live" ? [state.port] : []))
  }

  #withNodes(run: RunFacts): ShownRun {
    const before = this.#runs.find((known) => known.run === run.run)?.nodes ?? []
    const isNew = run.node !== undefined && run.node !== before.at(-1)
    return { ...run, nodes: isNew && run.node !== undefined ? [...before, run.node] : before }
  }

  #shown({ id, state, pid }: DevNode): ShownNode {
    const known = state.name === "live" || state.name === "paused"
    return {
      id,
      state: state.name,
      ...(state.name === "down" ? { why: state.why } : {}),
      ...("port" in state ? { port: state.port } : {}),
      ...(pid === undefined ? {} : { pid }),
      connections: known ? (this.#facts.get(id)?.connections ?? 0) : 0,
    }
  }
}

function mayRestart(state: NodeState): boolean {
  return state.name === "live" || (state.name === "down" && (state.why === "ended" || state.why === "stopped"))
}
