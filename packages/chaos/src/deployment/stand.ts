/** A store, its nodes, and the ways between them and to devices: what stands for as long as a run has rounds for it. */
import type { Engine } from "@everthread/engine"
import { FaultNode } from "@everthread/stage"
import type { Crowd } from "../people/crowd.ts"
import type { HeadOf } from "../people/unrest.ts"
import type { Deployment, StoreKind } from "./deployment.ts"
import { FaultLink } from "./fault-link.ts"
import { openToRead, type StoreOnStage, startStore, waysToStore } from "./store-on-stage.ts"
import { Takes } from "./takes.ts"

export interface StandOptions {
  readonly kind: StoreKind
  readonly nodes: number
  readonly hasOwnNetwork: boolean
}

/** How long a node may be silent before its runs are taken over, in seconds. */
const leaseSeconds = 2

export class Stand {
  readonly nodes: readonly FaultNode[]
  readonly toNode: ReadonlyMap<string, FaultLink>
  readonly toStore: ReadonlyMap<string, FaultLink>
  readonly #store: StoreOnStage
  readonly #takes: Takes
  readonly #hasOwnNetwork: boolean

  private constructor(
    store: StoreOnStage,
    nodes: readonly FaultNode[],
    ways: Pick<Stand, "toNode" | "toStore">,
    hasOwnNetwork: boolean,
  ) {
    this.#store = store
    this.nodes = nodes
    this.toNode = ways.toNode
    this.toStore = ways.toStore
    this.#takes = new Takes(store.servers.keys())
    this.#hasOwnNetwork = hasOwnNetwork
  }

  /** Resolves when all serve. */
  static async start({ kind, nodes: count, hasOwnNetwork }: StandOptions): Promise<Stand> {
    const store = await startStore(kind)
    const names = namesOf(kind, count)
    const toStore = await waysToStore(store, names)
    const nodes = names.map((name) => nodeOf(name, urlFor(store, toStore.get(name))))
    const toNode = new Map<string, FaultLink>()
    for (const node of nodes) toNode.set(node.name, await FaultLink.start(() => portOf(node)))
    const stand = new Stand(store, nodes, { toNode, toStore }, hasOwnNetwork)
    await Promise.all(nodes.map((node) => node.start())).catch(async (error: unknown) => {
      await stand.stop()
      throw error
    })
    return stand
  }

  /** What a nemesis may touch while these people are there. */
  with(crowd: Crowd): Deployment {
    const { store, servers } = this.#store
    const { nodes, toNode, toStore } = this
    const take = (target: string) => this.#takes.take(target)
    return { store, servers, nodes, crowd, guests: [], toNode, toStore, hasOwnNetwork: this.#hasOwnNetwork, take }
  }

  /** The addresses of nodes that are up, by their ways. */
  get places(): readonly { readonly url: string | undefined }[] {
    return this.nodes.map((node) => placeOf(node, this.toNode.get(node.name)))
  }

  get isShared(): boolean {
    return this.#store.url !== undefined
  }

  /** Gives a way to ask the store itself where a log ends; a store that is a node's own cannot be asked beside it. */
  async withHead<Result>(use: (headOf: HeadOf | undefined) => Promise<Result>): Promise<Result> {
    if (!this.isShared) return use(undefined)
    return this.read((engine) => use((conversation) => engine.log.head(conversation)))
  }

  /** Reads the store. Where it is a node's own, that node is away meanwhile. */
  async read<Result>(reading: (engine: Engine) => Promise<Result>): Promise<Result> {
    const [node] = this.nodes
    if (!this.isShared) await node?.kill()
    const engine = await openToRead(this.#store, node)
    try {
      return await reading(engine)
    } finally {
      await engine.close()
      if (!this.isShared) await node?.start()
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()))
    await Promise.all([...this.toNode.values(), ...this.toStore.values()].map((link) => link.close()))
    await this.#store.stop()
  }
}

/** Of the embedded store there is one node: nobody else may have its folder. */
function namesOf(kind: StoreKind, count: number): readonly string[] {
  return Array.from({ length: kind === "embedded" ? 1 : count }, (_, index) => `${kind}-node-${index + 1}`)
}

function nodeOf(name: string, redis: string | undefined): FaultNode {
  return new FaultNode({ name, leaseSeconds, levers: true, ...(redis === undefined ? {} : { redis }) })
}

function urlFor({ url }: StoreOnStage, way: FaultLink | undefined): string | undefined {
  return way === undefined ? url : `redis://127.0.0.1:${way.port}`
}

function portOf({ url }: FaultNode): number | undefined {
  return url === undefined ? undefined : Number(new URL(url).port)
}

function placeOf(node: FaultNode, way: FaultLink | undefined) {
  return {
    get url(): string | undefined {
      return node.url === undefined || way === undefined ? undefined : `ws://127.0.0.1:${way.port}`
    },
  }
}
