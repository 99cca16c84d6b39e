/** A node of somebody else's, in a process of its own that can be frozen, killed and started again, and outlives nobody. */
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Hopeless, logOf, rootFolder, ServerProcess, until } from "@everthread/stage"
import type { ChurnNode } from "./contestant.ts"

export interface PeerCommand {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Where it is started; without one a folder of its own. */
  readonly folder?: string
  /** How long it may take to serve; without one as long as anything. */
  readonly startMsMax?: number
  /** Its port by what it has printed, once it serves. */
  readonly portIn: (said: string) => Promise<number | undefined>
}

export class PeerProcess implements ChurnNode {
  readonly name: string
  readonly #command: PeerCommand
  readonly #folder: string
  #process: ServerProcess | undefined
  #port: number | undefined

  constructor(command: PeerCommand) {
    this.name = command.name
    this.#command = command
    this.#folder = command.folder ?? join(rootFolder(), `peer-${command.name}`)
    mkdirSync(this.#folder, { recursive: true })
  }

  /** One that has ended by itself has none. */
  get port(): number | undefined {
    return this.#process?.state === "ended" ? undefined : this.#port
  }

  get said(): string {
    return readFileSync(logOf(this.#folder), "utf8")
  }

  async start(): Promise<void> {
    await this.kill()
    const { name, command, args, portIn, startMsMax } = this.#command
    const started = await ServerProcess.start(command, args, this.#folder)
    this.#process = started
    const askPort = () => {
      if (started.state === "ended") throw new Hopeless(`${name} ended: ${this.said}`)
      return portIn(this.said)
    }
    this.#port = await until(`${name} to serve`, askPort, startMsMax)
  }

  async kill(): Promise<void> {
    this.#port = undefined
    await this.#process?.kill()
  }

  freeze(): Promise<void> {
    return this.#process?.freeze() ?? Promise.resolve()
  }

  thaw(): void {
    this.#process?.thaw()
  }
}
