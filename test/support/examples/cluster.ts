/**
 * Three nodes in processes of their own over one Redis, as `everthread serve` starts them. The way to each is a load
 * balancer's: whoever was on a node that is gone is led to another one.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Forwarder } from "@everthread/chaos"
import { type RedisServer, startRedis } from "@everthread/stage"
import { type Serving, serve } from "../../../packages/cli/test/serving.ts"

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const webApp = path("../../../packages/web/dist/app/index.html")
const buildWebApp = path("../../../packages/web/build/build.mjs")
const agent = path("storyteller.mjs")

interface Node {
  readonly serving: Serving
  readonly port: number
  readonly way: Forwarder
  isAlive: boolean
}

export class Cluster {
  readonly #folder: string
  readonly #gate: string
  readonly #redis: RedisServer
  readonly #nodes: readonly Node[]

  private constructor(folder: string, gate: string, redis: RedisServer, nodes: readonly Node[]) {
    this.#folder = folder
    this.#gate = gate
    this.#redis = redis
    this.#nodes = nodes
  }

  static async start(): Promise<Cluster> {
    // The command builds itself where it has not been built, and serves no pages where they have not been.
    if (!existsSync(webApp)) spawnSync(process.execPath, [buildWebApp], { stdio: "ignore" })
    const folder = mkdtempSync(join(tmpdir(), "everthread-examples-"))
    const gate = join(folder, "gate")
    const redis = await startRedis()
    const servings = [1, 2, 3].map((n) => {
      const args = ["--redis", redis.url, "--server-id", `node-${n}`, "--graph", `demo=${agent}:graph`]
      return serve(args, { GATE: gate }, folder)
    })
    const nodes = servings.map(async (serving) => {
      const port = Number(new URL(await serving.ready).port)
      return { serving, port, way: await Forwarder.start(port), isAlive: true }
    })
    return new Cluster(folder, gate, redis, await Promise.all(nodes))
  }

  /** @returns the port of the way to a node, which stays when the node is gone. */
  portOf(node: number): number {
    return Number(new URL(this.#nodes[node]?.way.url ?? "").port)
  }

  /** A node dies without a word. */
  async kill(node: number): Promise<void> {
    const dead = this.#nodes[node]
    if (!dead) throw new Error(`There is no node ${node}.`)
    dead.isAlive = false
    dead.serving.child.kill("SIGKILL")
    await dead.serving.ended
    const other = this.#nodes.find(({ isAlive }) => isAlive)
    for (const { way, isAlive } of this.#nodes) if (!isAlive && other) way.leadTo(other.port)
  }

  /** Lets stories go on, or has them wait in their middle. */
  openGate(isOpen: boolean): void {
    if (isOpen) writeFileSync(this.#gate, "")
    else rmSync(this.#gate, { force: true })
  }

  async stop(): Promise<void> {
    for (const { serving } of this.#nodes) serving.child.kill("SIGKILL")
    await Promise.all(this.#nodes.map(({ serving }) => serving.ended))
    await Promise.all(this.#nodes.map(({ way }) => way.close()))
    await this.#redis.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
