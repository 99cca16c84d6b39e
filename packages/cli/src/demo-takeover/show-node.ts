/** One node of the show: `everthread serve` in a process of its own, which can be killed as a machine dies. */
import type { Complaints } from "../demo-cluster/complaints.ts"
import { type NodeProcess, type ProcessParts, startProcess, stopProcess } from "../demo-cluster/many-processes.ts"
import type { NodePlan } from "../demo-cluster/node-flags.ts"

export class ShowNode {
  /** The name that it says in its welcome. */
  readonly id: string
  /** As the display calls it. */
  readonly number: number
  readonly #plan: NodePlan
  readonly #parts: ProcessParts
  readonly #complaints: Complaints
  #process: NodeProcess | undefined
  #url: string | undefined

  constructor(plan: NodePlan, number: number, parts: ProcessParts, complaints: Complaints) {
    this.id = plan.id
    this.number = number
    this.#plan = plan
    this.#parts = parts
    this.#complaints = complaints
  }

  /** Of the native protocol; `undefined` while it is down. */
  get url(): string | undefined {
    return this.#url
  }

  get pid(): number | undefined {
    return this.#process?.child.pid
  }

  /** Resolves when it serves. @throws CliError with its own words, if it does not come to that. */
  async start(): Promise<void> {
    this.#process = startProcess(this.#plan, this.#parts, this.#complaints)
    this.#url = `${await this.#process.ready}/v1`
  }

  /** SIGKILL: it has no time for anything. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#url = undefined
    this.#process?.child.kill("SIGKILL")
    await this.#process?.ended
  }

  /** Ends it in good order, wherever it is. */
  async stop(): Promise<void> {
    this.#url = undefined
    if (this.#process) await stopProcess(this.#process, this.#parts.clock)
  }
}
