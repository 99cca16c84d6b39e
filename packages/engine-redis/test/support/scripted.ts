/** Connections that answer what a test says, and a store over a topology made of them. */
import { listenerSet, statusBoard } from "@everthread/engine/parts"
import type { Clock } from "@everthread/protocol"
import { ManualClock } from "../../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import type { Link, Reply } from "../../src/connection/link.ts"
import { type ServerAddress, serverName } from "../../src/connection/target.ts"
import { everyPartition } from "../../src/keys.ts"
import { openStore } from "../../src/store.ts"
import type { Topology } from "../../src/topology/topology.ts"

export type Answering = (args: readonly string[]) => Promise<Reply>

/** What a script gives that answers with a list: the nonce and the key of its request, then this. */
export function answering(...rest: readonly Reply[]): Answering {
  return async ([, , , key = "", nonce = ""]) => [nonce, key, ...rest]
}

export const failing = (error: Error): Answering => {
  return () => Promise.reject(error)
}

export interface ScriptedLink extends Link {
  /** The first words of what it was asked. */
  readonly asked: readonly string[]
  readonly closedFor: string | undefined
}

/** @param answers one for each call, ASKING aside; the last one for all that follow. */
export function scriptedLink(port: number, ...answers: readonly Answering[]): ScriptedLink {
  const asked: string[] = []
  let calls = 0
  let closedFor: string | undefined
  return {
    address: { host: "10.0.0.1", port },
    asked,
    get isOpen() {
      return closedFor === undefined
    },
    get closedFor() {
      return closedFor
    },
    async send(args) {
      const texts = args.map(String)
      asked.push(texts[0] ?? "")
      if (texts[0] === "ASKING") return "OK"
      const answer = answers[Math.min(calls++, answers.length - 1)] ?? answering()
      return answer(texts)
    },
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    subscribeWide: async () => undefined,
    close(reason = "closed") {
      closedFor = reason
    },
  }
}

/** @param links the first one is every partition's master. */
export function storeOver(...links: readonly ScriptedLink[]) {
  const clock = new ManualClock()
  return { clock, ...storeOn(clock, links) }
}

export function storeOn(clock: Clock, links: readonly ScriptedLink[]) {
  const changed = listenerSet<[]>()
  const told: string[] = []
  const byAddress = new Map(links.map((link) => [serverName(link.address), link]))
  let owner: Link | undefined = links[0]
  const topology: Topology = {
    kind: "cluster",
    linkOf: () => owner,
    masters: () => (owner ? [{ address: owner.address, partitions: everyPartition, link: owner }] : []),
    linkTo: (address: ServerAddress) => byAddress.get(serverName(address)),
    moved: (partition, address) => void told.push(`moved ${partition} ${serverName(address)}`),
    suspect: () => void told.push("suspect"),
    onChange: changed.add,
    isWhole: () => owner !== undefined,
    reason: () => "nobody is there",
    refusal: () => undefined,
    close: () => undefined,
  }
  const random = seededRandom(1)
  const status = statusBoard()
  const probeKey = (partition: number) => `probe:${partition}`
  const store = openStore({ clock, random, topology, status, deadlineMs: 1_000, probeKey })
  return {
    store,
    status,
    told,
    /** Another connection leads to every partition now; none, if it is `undefined`. */
    route(link: Link | undefined) {
      owner = link
      changed.tell()
    },
  }
}
