/**
 * The connections that hear channels: one for each master, beside the one that commands take.
 *
 * What a channel says while its connection is replaced is not heard; from the moment it is heard again its holders
 * are told so.
 */
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { Link, LinkOptions } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"
import type { Topology } from "../topology/topology.ts"
import type { Heard } from "./delivery.ts"

export interface Subscriber {
  /** Resolves when the channel is heard. */
  hold(partition: number, channel: string): Promise<void>
  release(channel: string): void
  close(): void
}

export interface SubscriberSetup {
  readonly topology: Topology
  readonly clock: Clock
  readonly random: Random
  readonly open: (address: ServerAddress, lost: LinkOptions["lost"]) => Promise<Link>
  readonly replaced: () => void
}

const retryMs = 200

export function subscriber(setup: SubscriberSetup, heard: Heard): Subscriber {
  const { topology, clock, random } = setup
  const held = new Map<string, { readonly partition: number; ready: Promise<void> }>()
  let link: Promise<Link> | undefined
  let timer: Timer | undefined
  let closed = false

  function connect(): Promise<Link> {
    link ??= openLink().catch((error: unknown) => {
      link = undefined
      throw error
    })
    return link
  }

  async function openLink(): Promise<Link> {
    const [master] = topology.masters()
    if (!master) throw new Error(topology.reason())
    return setup.open(master.address, () => {
      link = undefined
      later()
    })
  }

  function later(): void {
    if (closed) return
    timer = clock.startTimer(retryMs * (0.5 + random.fraction()), () => void again())
  }

  async function again(): Promise<void> {
    try {
      const opened = await connect()
      setup.replaced()
      for (const channel of [...held.keys()]) {
        await opened.subscribe(channel, (text) => heard.message(channel, text))
        heard.missed(channel)
      }
    } catch {
      later()
    }
  }

  return {
    hold(partition, channel) {
      const known = held.get(channel)
      if (known) return known.ready
      const ready = connect().then((opened) => opened.subscribe(channel, (text) => heard.message(channel, text)))
      held.set(channel, { partition, ready })
      return ready
    },
    release(channel) {
      if (!held.delete(channel)) return
      void link?.then((opened) => opened.unsubscribe(channel)).catch(() => undefined)
    },
    close() {
      closed = true
      if (timer) clock.stopTimer(timer)
      void link?.then((opened) => opened.close()).catch(() => undefined)
    },
  }
}
