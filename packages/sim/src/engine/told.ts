/**
 * What a node is told of the others' appends: the delivery of the engine on Redis, over the simulated Pub/Sub.
 *
 * It is the product's own: what it makes of publications that were lost, doubled or late is part of what is simulated.
 */
import { type Delivery, type DeliverySetup, delivery, keysWith } from "@everthread/engine-redis/parts"
import { headOf } from "../store/read.ts"
import type { SimStore } from "../store/sim-store.ts"
import type { Host } from "../world/host.ts"
import type { HearsAll } from "./pub-sub.ts"
import type { StoreLink } from "./store-link.ts"

export const keys = keysWith("sim")

export interface ToldSetup {
  readonly host: Host
  readonly link: StoreLink
  readonly store: SimStore
  readonly pubSub: HearsAll
}

/** Heads are compared more often than on a real Redis: virtual time costs the more the longer a run lasts. */
const looks = { liveEveryMs: 1_000, everyMs: 3_000 }

export function told({ host, link, store, pubSub }: ToldSetup): Delivery {
  return delivery({
    // Of the store of Redis it needs no more than this.
    store: storeOf(host, link, store, pubSub) as unknown as DeliverySetup["store"],
    keys,
    subscriber: (heard) => pubSub.join(host, link, heard),
    boards: [],
    looks,
  })
}

function storeOf(host: Host, link: StoreLink, store: SimStore, pubSub: HearsAll) {
  const publisher = {
    send: ([, channel = "", text = ""]: readonly string[]) =>
      link.ask("write", () => {
        pubSub.publish(channel, text)
        // Redis says how many have heard it; that it says anything means that it has taken it.
        return 0
      }),
  }
  return {
    clock: host.clock,
    random: host.random,
    topology: { linkOf: () => (link.isUp ? publisher : undefined), suspect() {} },
    assertOpen: () => link.assertOpen(),
    run: async (call: { readonly keys: readonly string[] }) => ({ list: await headsOf(call.keys, link, store) }),
  }
}

function headsOf(metas: readonly string[], link: StoreLink, store: SimStore): Promise<readonly (string | null)[]> {
  return link.ask("read", () =>
    store.read((state) => {
      const conversationOf = new Map([...state.conversations.keys()].map((id) => [keys.meta(id), id]))
      return metas.map((meta) => headOf(state, conversationOf.get(meta) ?? "") ?? null)
    }),
  )
}
