/**
 * A world: one store, some nodes, devices, and the network between them, all in one process and in virtual time.
 *
 * Everything has a stream of randomness of its own by its name, so that leaving a fault out changes as little as can be
 * of what happens otherwise.
 */
import type { LoadedGraph } from "@everthread/agent/worker"
import type { OutboxStore, SocketFactory } from "@everthread/client"
import type { Heard } from "@everthread/engine-redis/parts"
import type { Random } from "@everthread/protocol"
import { type Gateway, nativeGateway } from "@everthread/server/parts"
import { SimDevice } from "../device/sim-device.ts"
import { PresenceBoard } from "../engine/presence.ts"
import { type HearsAll, PubSub } from "../engine/pub-sub.ts"
import { type SimEngine, simEngine } from "../engine/sim-engine.ts"
import { StoreLink } from "../engine/store-link.ts"
import { Outside } from "../node/outside.ts"
import type { Surroundings } from "../node/scripted-run.ts"
import { SimNode } from "../node/sim-node.ts"
import { Wire } from "../node/wire.ts"
import type { Compaction } from "../plan/plan.ts"
import { SimStore, type StoreOps, storeOps } from "../store/sim-store.ts"
import { Host } from "../world/host.ts"
import type { DelayMs } from "../world/line.ts"
import { Scheduler } from "../world/scheduler.ts"
import { oneOf, streamOf } from "../world/seeded-random.ts"
import { Timeline } from "./timeline.ts"

/** What a mutant has otherwise: a port with something wrong around it, or a part of the store. */
export interface Mutation {
  readonly storeOps?: Partial<StoreOps>
  readonly engine?: (engine: SimEngine, host: Host) => SimEngine
  /** How what is published is heard. */
  readonly heard?: (heard: Heard) => Heard
  readonly gateway?: (gateway: Gateway) => Gateway
  /** Where a device keeps what it has written. */
  readonly outbox?: (outbox: OutboxStore) => OutboxStore
}

export interface WorldSetup {
  readonly seed: number
  readonly nodes: number
  readonly mutation: Mutation
  /** The agents that a node serves. */
  readonly graphs: (surroundings: Surroundings) => readonly LoadedGraph[]
  readonly compaction: Compaction | undefined
}

const usualDelayMs: DelayMs = { least: 0.2, most: 5 }

export class World {
  readonly scheduler = new Scheduler()
  readonly timeline: Timeline
  readonly store: SimStore
  readonly pubSub: PubSub
  readonly devices: SimDevice[] = []
  readonly outside = new Outside()
  readonly #setup: WorldSetup
  readonly #storeHost: Host
  readonly #presence = new PresenceBoard()
  readonly #nodes: SimNode[] = []
  readonly #lives: number[] = []
  readonly #wires = new Map<SimDevice, Set<Wire>>()
  readonly #slowByMs = new Map<number, number>()

  constructor(setup: WorldSetup) {
    this.#setup = setup
    this.timeline = new Timeline(this.nowMs)
    this.store = new SimStore({ ...storeOps, ...setup.mutation.storeOps })
    this.#storeHost = this.#host("store")
    this.pubSub = new PubSub(this.stream("pub-sub"), this.nowMs)
    for (let node = 0; node < setup.nodes; node++) this.startNode(node)
  }

  readonly nowMs = (): number => this.scheduler.nowMs

  stream(name: string): Random {
    return streamOf(this.#setup.seed, name)
  }

  #host(name: string): Host {
    return new Host(name, this.scheduler, this.stream(name))
  }

  // Nodes.

  node(index: number): SimNode {
    const node = this.#nodes[index]
    if (!node) throw new Error(`There is no node ${index}.`)
    return node
  }

  get nodes(): readonly SimNode[] {
    return this.#nodes
  }

  /** Another life of a node, where the one before has ended. */
  startNode(index: number): void {
    const before = this.#nodes[index]
    if (before?.isServing) return
    before?.host.die()
    const life = (this.#lives[index] ?? 0) + 1
    this.#lives[index] = life
    this.#nodes[index] = this.#newNode(index, `node-${index + 1}`, this.#host(`node-${index + 1} life ${life}`))
  }

  #newNode(index: number, name: string, host: Host): SimNode {
    const delayMs = () => withMore(usualDelayMs, this.#slowByMs.get(index) ?? 0)
    const link = new StoreLink({ node: host, store: this.#storeHost, nowMs: this.nowMs, delayMs })
    const { mutation, compaction } = this.#setup
    const { store, outside } = this
    const pubSub = heardThrough(this.pubSub, mutation.heard)
    const plain = simEngine({ host, link, store, pubSub, presence: this.#presence })
    const engine = mutation.engine?.(plain, host) ?? plain
    const gateway = mutation.gateway?.(nativeGateway) ?? nativeGateway
    const graphs = this.#setup.graphs({ engine, host, outside })
    const log = (level: string, text: string, error: unknown) => this.timeline.said(name, level, text, error)
    return new SimNode({ name, host, link, engine, gateway, graphs, log, ...(compaction && { compaction }) })
  }

  killNode(index: number): void {
    const { host, link, name } = this.node(index)
    if (host.isDead) return
    link.cut(() => false)
    host.die()
    this.#presence.nodeDied(name)
    for (const wire of this.#wiresOf(host)) wire.cut()
  }

  /** How much longer each way between a node and the store takes. */
  slowNode(index: number, byMs: number): void {
    this.#slowByMs.set(index, byMs)
  }

  // The store.

  get storeHost(): Host {
    return this.#storeHost
  }

  restartStore(lost: number): void {
    const random = this.stream(`restart ${this.nowMs()}`)
    for (const { link } of this.#nodes) link.cut(() => random.fraction() < 0.5)
    this.store.goBack(lost)
  }

  mendLinks(): void {
    for (const { link } of this.#nodes) link.mend()
  }

  // Devices.

  addDevice(user: string, device: string): SimDevice {
    const host = (life: number) => this.#host(life === 1 ? `${user}/${device}` : `${user}/${device} life ${life}`)
    const dial =
      (host: Host): SocketFactory =>
      (_url, handlers) => {
        const node = oneOf(host.random, this.#nodes as [SimNode, ...SimNode[]])
        const wire = new Wire({
          device: host,
          node: node.host,
          nowMs: this.nowMs,
          handlers,
          accept: (socket) => node.accept(socket),
          closed: (one) => void this.#wires.get(added)?.delete(one),
        })
        this.#hostOf.set(wire, node.host)
        this.#wires.get(added)?.add(wire)
        return wire
      }
    const { outbox } = this.#setup.mutation
    const added = new SimDevice({ ...(outbox && { outbox }), user, device, host, dial, nowMs: this.nowMs })
    this.devices.push(added)
    this.#wires.set(added, new Set())
    return added
  }

  readonly #hostOf = new WeakMap<Wire, Host>()

  /** Its program ends without a word, and its sockets with it. */
  endDevice(device: SimDevice, how: "for good" | "for now"): void {
    device.end(how)
    for (const wire of this.wiresOfDevice(device)) wire.cut()
  }

  wiresOfDevice(device: SimDevice): readonly Wire[] {
    return [...(this.#wires.get(device) ?? [])]
  }

  #wiresOf(node: Host): Wire[] {
    return [...this.#wires.values()].flatMap((wires) => [...wires]).filter((wire) => this.#hostOf.get(wire) === node)
  }
}

function heardThrough(pubSub: PubSub, around: Mutation["heard"]): HearsAll {
  if (!around) return pubSub
  return {
    join: (host, link, heard) => pubSub.join(host, link, around(heard)),
    publish: (channel, text) => pubSub.publish(channel, text),
  }
}

const withMore = ({ least, most }: DelayMs, byMs: number): DelayMs => ({ least: least + byMs / 2, most: most + byMs })
