/**
 * The connection that hears one master's channels: opened again whenever it was lost, with the channels that are
 * wanted at that moment.
 *
 * Invariants:
 * - What is handed on comes from the connection that counts now, and of a channel that is wanted now: a connection
 *   that was given up has nothing more to say, whatever is still in its socket.
 * - A channel is `confirmed` anew by each connection; between `lost` and `confirmed` nobody hears it.
 * - One call at a time is under way for each channel: the library takes a subscription that overtakes the end of
 *   the one before for done, and then drops it.
 */
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { ChannelListener, Link, LinkOptions } from "../connection/link.ts"
import { ServerError } from "../connection/server-error.ts"
import type { ServerAddress } from "../connection/target.ts"
import { type Canary, startCanary } from "./canary.ts"

export interface MasterSubscriber {
  readonly address: ServerAddress
  /** Nothing is wanted of it. */
  readonly isIdle: boolean
  want(channel: string): void
  unwant(channel: string): void
  close(): void
}

export interface MasterSubscriberSetup {
  readonly address: ServerAddress
  readonly clock: Clock
  readonly random: Random
  readonly open: (address: ServerAddress, lost: LinkOptions["lost"]) => Promise<Link>
  readonly canary: {
    readonly everyMs: number
    readonly silentBeatsMax: number
    /** A channel that nobody else has, in a slot of this master, and how to publish to it. */
    readonly channel: (address: ServerAddress) => CanaryChannel | undefined
  }
  /** The server refused a channel, or took it away: what is known of the masters may be out of date. */
  readonly suspect: () => void
  readonly told: SubscriberEvents
}

export interface CanaryChannel {
  readonly name: string
  publish(): Promise<number | undefined>
}

export interface SubscriberEvents {
  message(channel: string, text: string): void
  confirmed(channel: string): void
  lost(channel: string): void
  /** A connection took the place of one that was lost or given up. */
  replaced(): void
}

interface Channel {
  wanted: boolean
  is: "off" | "asking" | "on" | "leaving"
}

const retryMsMin = 50
const retryMsMax = 1_000

export function masterSubscriber(setup: MasterSubscriberSetup): MasterSubscriber {
  const { address, clock, random, told } = setup
  const channels = new Map<string, Channel>()
  let link: Link | undefined
  let canary: Canary | undefined
  let opened = 0
  let retryMs = retryMsMin
  let timer: Timer | undefined
  let isClosed = false
  void connect()

  async function connect(): Promise<void> {
    const fresh = await setup.open(address, lost).catch(() => undefined)
    if (!fresh) return later(connect)
    if (isClosed) return fresh.close()
    link = fresh
    opened += 1
    if (opened > 1) told.replaced()
    try {
      await listenToItself(fresh)
      settleAll()
    } catch (error) {
      fresh.close(error instanceof Error ? error.message : String(error))
    }
  }

  function lost(): void {
    link = undefined
    canary?.stop()
    for (const [name, channel] of channels) {
      const wasOn = channel.is === "on"
      channel.is = "off"
      if (wasOn && channel.wanted) told.lost(name)
      else if (!channel.wanted) channels.delete(name)
    }
    later(connect)
  }

  /** With jitter: nodes that lost the same server do not come back in step. */
  function later(again: () => void): void {
    if (isClosed) return
    if (timer) clock.stopTimer(timer)
    timer = clock.startTimer(retryMs * (0.5 + random.fraction() / 2), again)
    retryMs = Math.min(retryMs * 2, retryMsMax)
  }

  async function listenToItself(fresh: Link): Promise<void> {
    const { everyMs, silentBeatsMax, channel } = setup.canary
    const own = channel(address)
    if (!own) throw new Error("this server has no partition of ours")
    await attempt(fresh.subscribe(own.name, { message: heard, ended: () => fresh.close("its canary's slot moved") }))
    const dead = (reason: string) => fresh.close(reason)
    canary = startCanary({ clock, everyMs, silentBeatsMax, publish: own.publish, dead })
  }

  function heard(): void {
    retryMs = retryMsMin
    canary?.heard()
  }

  /** Makes of a channel what is wanted of it, one call at a time. */
  function settle(name: string): void {
    const channel = channels.get(name)
    if (!channel || !link) return
    if (channel.wanted && channel.is === "off") void subscribe(link, name, channel)
    else if (!channel.wanted && channel.is === "on") void unsubscribe(link, name, channel)
    else if (!channel.wanted && channel.is === "off") channels.delete(name)
  }

  function settleAll(): void {
    for (const name of [...channels.keys()]) settle(name)
  }

  async function subscribe(on: Link, name: string, channel: Channel): Promise<void> {
    channel.is = "asking"
    try {
      await attempt(on.subscribe(name, listenerOf(on, name, channel)))
    } catch {
      if (on !== link) return
      channel.is = "off"
      return later(settleAll)
    }
    if (on !== link) return
    channel.is = "on"
    if (channel.wanted) told.confirmed(name)
    settle(name)
  }

  async function unsubscribe(on: Link, name: string, channel: Channel): Promise<void> {
    channel.is = "leaving"
    await on.unsubscribe(name)
    if (on !== link) return
    channel.is = "off"
    settle(name)
  }

  function listenerOf(on: Link, name: string, channel: Channel): ChannelListener {
    return {
      message(text) {
        if (on === link && channel.wanted) told.message(name, text)
      },
      ended() {
        if (on !== link) return
        channel.is = "off"
        if (channel.wanted) told.lost(name)
        setup.suspect()
        later(settleAll)
      },
    }
  }

  async function attempt(subscribing: Promise<void>): Promise<void> {
    try {
      await subscribing
    } catch (error) {
      if (error instanceof ServerError) setup.suspect()
      throw error
    }
  }

  return {
    address,
    get isIdle() {
      return ![...channels.values()].some(({ wanted }) => wanted)
    },
    want(name) {
      const channel = channels.get(name) ?? { wanted: true, is: "off" }
      channel.wanted = true
      channels.set(name, channel)
      settle(name)
    },
    unwant(name) {
      const channel = channels.get(name)
      if (channel) channel.wanted = false
      settle(name)
    },
    close() {
      isClosed = true
      canary?.stop()
      if (timer) clock.stopTimer(timer)
      link?.close()
    },
  }
}
