/** The engine of one node in a world: the ports of a store over a connection that may fail. */
import { type Engine, LocalRateLimit } from "@everthread/engine"
import { statusBoard } from "@everthread/engine/parts"
import type { Clock, Role } from "@everthread/protocol"
import { newestCheckpoint } from "../store/checkpoints.ts"
import { announce, beat, listOpenRuns, release, settle, withdraw } from "../store/leases.ts"
import { openSession, touchSession } from "../store/sessions.ts"
import type { SimStore, StoreOps } from "../store/sim-store.ts"
import type { CheckpointRecord, State } from "../store/state.ts"
import type { Host } from "../world/host.ts"
import { Boards } from "./boards.ts"
import type { PresenceBoard } from "./presence.ts"
import type { HearsAll } from "./pub-sub.ts"
import { type SimLog, simLog } from "./sim-log.ts"
import type { StoreLink } from "./store-link.ts"
import { told } from "./told.ts"

export interface SimEngineSetup {
  readonly host: Host
  readonly link: StoreLink
  readonly store: SimStore
  readonly pubSub: HearsAll
  readonly presence: PresenceBoard
  /** What limits and the store's own time go by. Default: the host's. */
  readonly clock?: Clock
}

export interface SimEngine extends Engine {
  readonly log: SimLog
  /** The newest checkpoint of a thread. */
  checkpoint(thread: string): Promise<CheckpointRecord | undefined>
}

export function simEngine(setup: SimEngineSetup): SimEngine {
  const { host, link, store, pubSub, presence, clock = host.clock } = setup
  const boards = new Boards(host, link, pubSub)
  const delivery = told(setup)
  const status = statusBoard()
  const look = <R>(at: (state: State) => R) => link.ask("read", () => store.read(at))
  const write = <R>(change: (state: State, ops: StoreOps) => R) => link.ask("write", () => store.write(change))
  const limits = new Map<string, LocalRateLimit>()
  return {
    description: "simulated",
    log: simLog({ link, store, delivery, boards }),
    checkpoint: (thread) => look((state) => newestCheckpoint(state, thread)),
    directory: {
      role: (conversation, user) => look((state) => membersOf(state, conversation).get(user)),
      members: (conversation) => look((state) => new Map(membersOf(state, conversation))),
      conversations: (user) =>
        look((state) => [...state.conversations].flatMap(([id, { members }]) => (members.has(user) ? [id] : []))),
      every: (from, max) => look((state) => pageOf([...state.conversations.keys()].sort(), from, max)),
      onChanged(listener) {
        link.assertOpen()
        return boards.onChanged(listener)
      },
    },
    leases: {
      beat: (node) => write((state) => beat(state, node)),
      beats: (nodes) => look((state) => new Map(nodes.map((node) => [node, state.beats.get(node) ?? 0]))),
      leave: (node) => write((state) => void state.beats.delete(node)),
      announce: (announcement) => write((state) => announce(state, announcement)),
      announced: () => look(({ workers, agents }) => ({ workers: [...workers.values()], agents: [...agents] })),
      withdraw: (announcement) => write((state) => withdraw(state, announcement)),
      claim: (request) => write((state, ops) => ops.claim(state, request)),
      release: (conversation, fence) => write((state) => release(state, conversation, fence)),
      openRuns: () => look(listOpenRuns),
      settle: (conversation, run, seq) => write((state) => settle(state, conversation, run, seq)),
      onOpened(listener) {
        link.assertOpen()
        return boards.onOpened(listener)
      },
    },
    effects: {
      begin: (effect, fence, nonce) => write((state, ops) => ops.beginEffect(state, effect, fence, nonce)),
      finish: (effect, fence, value) => write((state, ops) => ops.finishEffect(state, effect, fence, value)),
      forget: (conversation, run) => write((state) => void state.conversations.get(conversation)?.effects.delete(run)),
    },
    presence: presence.of(link, host),
    sessions: {
      open: (user, device, freshId, now, ttlMs) =>
        write((state) => openSession(state, { user, device, now, ttlMs }, freshId)),
      touch: (user, device, now, ttlMs, received) =>
        write((state) => touchSession(state, { user, device, now, ttlMs }, received)),
    },
    rateLimit(rule) {
      const key = JSON.stringify([rule.name, rule.max, rule.windowMs])
      const limit = limits.get(key) ?? new LocalRateLimit(clock, rule)
      limits.set(key, limit)
      return limit
    },
    observe() {},
    memoryBytes: async () => undefined,
    wallTime: async () => clock.now(),
    status: status.current,
    onStatus: status.watch,
    async close() {
      delivery.close()
      link.close()
    },
  }
}

const nobody: ReadonlyMap<string, Role> = new Map()

function membersOf({ conversations }: State, conversation: string): ReadonlyMap<string, Role> {
  return conversations.get(conversation)?.members ?? nobody
}

function pageOf(all: readonly string[], from: string | undefined, max: number) {
  const left = from === undefined ? all : all.filter((id) => id > from)
  const conversations = left.slice(0, max)
  return { conversations, next: left.length > max ? conversations.at(-1) : undefined }
}
