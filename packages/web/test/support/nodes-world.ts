/**
 * Three nodes in processes of their own over one Redis, a way to each as a load balancer's, and people in front of browsers.
 *
 * Nothing here depends on how fast anything is: the agent waits in the middle of its story for a gate, and a way whose
 * node was killed leads nowhere until it is told where to.
 */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { FaultNode, type RedisServer, rootFolder, startRedis } from "@everthread/stage"
import type { Browser } from "playwright-core"
import type { Front } from "../../../cli/src/dev/front.ts"
import { type BuiltApp, buildApp } from "./built-app.ts"
import { launchChromium } from "./chromium.ts"
import { openFrontWithApp } from "./front-with-app.ts"
import { People, type Person, type PersonOptions } from "./people.ts"

const teller = fileURLToPath(new URL("../agents/teller.mjs", import.meta.url))
const names = ["node-1", "node-2", "node-3"] as const
/** Long enough that a node on a busy machine is not taken for a dead one, and short enough to wait for. */
const leaseSeconds = 4

export type NodeName = (typeof names)[number]

export class NodesWorld {
  readonly #redis: RedisServer
  readonly #nodes: ReadonlyMap<string, FaultNode>
  readonly #app: BuiltApp
  readonly #gate: string
  readonly #browser: Browser
  readonly #people: People
  readonly #ways = new Map<string, Way>()

  private constructor(parts: { redis: RedisServer; nodes: readonly FaultNode[]; gate: string; browser: Browser }) {
    this.#redis = parts.redis
    this.#nodes = new Map(parts.nodes.map((node) => [node.name, node]))
    this.#app = buildApp()
    this.#gate = parts.gate
    this.#browser = parts.browser
    this.#people = new People(parts.browser)
  }

  static async open(): Promise<NodesWorld> {
    const [redis, browser] = await Promise.all([startRedis(), launchChromium()])
    const gate = join(rootFolder(), "gate")
    const nodes = names.map(
      (name) => new FaultNode({ name, redis: redis.url, leaseSeconds, agents: { demo: teller }, env: { GATE: gate } }),
    )
    await Promise.all(nodes.map((node) => node.start()))
    const world = new NodesWorld({ redis, nodes, gate, browser })
    for (const name of names) world.#ways.set(name, await Way.open(world.#portOf(name), world.#app.folder))
    return world
  }

  /** Somebody who has said their name, on a node. */
  signedIn(name: string, node: NodeName, options: PersonOptions = {}): Promise<Person> {
    return this.#people.signedIn(this.#wayOf(node).url, name, options)
  }

  /** Lets stories go on, or has them wait in their middle. */
  openGate(isOpen: boolean): void {
    if (isOpen) writeFileSync(this.#gate, "")
    else rmSync(this.#gate, { force: true })
  }

  /** A node dies without a word. Its way leads nowhere. */
  async kill(node: string): Promise<void> {
    this.#wayOf(node).leadTo(undefined)
    await this.#nodes.get(node)?.kill()
  }

  /** Whoever comes by the way of one node gets to another one. */
  lead(node: string, other: string): void {
    this.#wayOf(node).leadTo(this.#portOf(other))
  }

  closePeople(): Promise<void> {
    return this.#people.leave()
  }

  async close(): Promise<void> {
    await this.closePeople()
    await this.#browser.close()
    for (const way of this.#ways.values()) await way.close()
    for (const node of this.#nodes.values()) await node.kill()
    await this.#redis.stop()
    this.#app.remove()
  }

  #wayOf(node: string): Way {
    const way = this.#ways.get(node)
    if (!way) throw new Error(`There is no way to ${node}.`)
    return way
  }

  #portOf(node: string): number {
    return Number(new URL(this.#nodes.get(node)?.url ?? "").port)
  }
}

class Way {
  #port: number | undefined
  readonly #waiting = new Set<() => void>()
  #front: Front | undefined

  private constructor(port: number) {
    this.#port = port
  }

  static async open(port: number, app: string): Promise<Way> {
    const way = new Way(port)
    const onLive = (listener: () => void) => {
      way.#waiting.add(listener)
      return () => way.#waiting.delete(listener)
    }
    way.#front = await openFrontWithApp({ port: () => way.#port, onLive }, app)
    return way
  }

  get url(): string {
    return `http://127.0.0.1:${this.#front?.port}`
  }

  leadTo(port: number | undefined): void {
    this.#port = port
    if (port !== undefined) for (const listener of [...this.#waiting]) listener()
  }

  async close(): Promise<void> {
    await this.#front?.close()
  }
}
