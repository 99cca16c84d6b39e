/**
 * One node of `everthread dev`, and what state its process is in. What is asked of it in another state than the one that
 * it is possible in is not done.
 */
import type { ChildProcess } from "node:child_process"
import type { Clock } from "@everthread/protocol"
import type { FromNode, Look, NodeFacts } from "./node-link.ts"
import { type NodePlan, spawnNode, tellNode } from "./node-process.ts"

export type NodeState =
  | { readonly name: "starting" }
  | { readonly name: "live"; readonly port: number }
  | { readonly name: "paused"; readonly port: number }
  /** On its way out: it hands its runs over. */
  | { readonly name: "stopping" }
  | { readonly name: "down"; readonly why: DownReason }

/** `ended`: by itself, and what it wrote says why. */
export type DownReason = "new" | "killed" | "stopped" | "ended"

export interface DevNodeParts {
  readonly clock: Clock
  /** Whenever its state has changed. */
  changed(node: DevNode): void
  said(node: DevNode, line: string): void
}

/** A process that is told to end gets so long; then it is ended. */
const goodbyeMs = 8_000
/** Who is live answers within milliseconds; nobody is kept waiting for one that is not. */
const lookMs = 400

export class DevNode {
  readonly id: string
  readonly #plan: NodePlan
  readonly #parts: DevNodeParts
  #state: NodeState = { name: "down", why: "new" }
  #child: ChildProcess | undefined
  #asks = 0
  /** Who waits for the answer to a look, by its number. */
  readonly #waiting = new Map<number, (facts: NodeFacts | undefined) => void>()
  readonly #watchers = new Set<() => void>()

  constructor(plan: NodePlan, parts: DevNodeParts) {
    this.id = plan.id
    this.#plan = plan
    this.#parts = parts
  }

  get state(): NodeState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#state.name === "down" ? undefined : this.#child?.pid
  }

  /** Resolves when it is live, or has ended instead. */
  async start(): Promise<void> {
    if (this.#state.name !== "down") return
    this.#become({ name: "starting" })
    const child = spawnNode(this.#plan, {
      heard: (message) => this.#hear(message),
      said: (line) => this.#parts.said(this, line),
      ended: () => this.#ended(child),
    })
    this.#child = child
    await this.#until(() => this.#state.name !== "starting")
  }

  /** SIGKILL: it has no time for anything. @returns whether it was done. */
  kill(): boolean {
    const { name } = this.#state
    if (name !== "live" && name !== "paused") return false
    this.#become({ name: "down", why: "killed" })
    return this.#child?.kill("SIGKILL") ?? false
  }

  /** SIGSTOP: it stands still, and does not know. */
  pause(): boolean {
    if (this.#state.name !== "live" || !this.#child?.kill("SIGSTOP")) return false
    this.#become({ name: "paused", port: this.#state.port })
    return true
  }

  goOn(): boolean {
    if (this.#state.name !== "paused" || !this.#child?.kill("SIGCONT")) return false
    this.#become({ name: "live", port: this.#state.port })
    return true
  }

  /** Ends it in good order, wherever it is. Resolves when it is gone. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child || this.#state.name === "down") return
    // What stands still hears no other signal.
    if (this.#state.name === "paused") child.kill("SIGCONT")
    this.#become({ name: "stopping" })
    child.kill("SIGTERM")
    const timer = this.#parts.clock.startTimer(goodbyeMs, () => child.kill("SIGKILL"))
    await this.#until(() => this.#child !== child)
    this.#parts.clock.stopTimer(timer)
  }

  /** @returns `undefined` where it is not live or does not answer. */
  look(conversations: Look["conversations"]): Promise<NodeFacts | undefined> {
    const child = this.#child
    if (!child || this.#state.name !== "live") return Promise.resolve(undefined)
    const ask = ++this.#asks
    return new Promise((resolve) => {
      const timer = this.#parts.clock.startTimer(lookMs, () => this.#answered(ask, undefined))
      this.#waiting.set(ask, (facts) => {
        this.#parts.clock.stopTimer(timer)
        resolve(facts)
      })
      tellNode(child, { type: "look", ask, conversations })
    })
  }

  #hear(message: FromNode): void {
    if (message.type === "facts") this.#answered(message.ask, message.facts)
    else if (this.#state.name === "starting") this.#become({ name: "live", port: message.port })
  }

  #answered(ask: number, facts: NodeFacts | undefined): void {
    this.#waiting.get(ask)?.(facts)
    this.#waiting.delete(ask)
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = undefined
    // Whoever killed it has said so.
    if (this.#state.name === "down") return
    this.#become({ name: "down", why: this.#state.name === "stopping" ? "stopped" : "ended" })
  }

  #become(state: NodeState): void {
    this.#state = state
    this.#parts.changed(this)
    for (const watcher of [...this.#watchers]) watcher()
  }

  #until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isTrue()) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }
}
