/**
 * The tabs of one browser that share a socket, as one of them sees them: who has it, and how to get there.
 *
 * Whoever has the lock has the socket; when that tab ends, in whatever way, the browser gives the lock to the next one,
 * which says so to all others. A device that is there is known by a lock, too: the tab with the socket waits for it, and
 * gets it when the device is gone. So nobody here measures time to find out who lives.
 */
import type { Clock, Random } from "@everthread/protocol"
import { clientLimits } from "../limits.ts"
import type { SocketFactory } from "../socket.ts"
import { type HubDevice, SocketHub } from "./socket-hub.ts"
import type { OpenChannel, TabChannel } from "./tab-channel.ts"
import { HubLink } from "./tab-link.ts"
import { type Hold, holdLock, type TabLocks } from "./tab-locks.ts"

/** What tabs say to all others. */
type Word =
  /** A device wants in, over the channel of its link. */
  | { readonly name: "hello"; readonly link: string; readonly text: string }
  /** I have the socket now. */
  | { readonly name: "leader"; readonly leader: string }

/** A device of this tab. */
export interface Member {
  /** The socket is in this very tab. */
  leadHere(hub: SocketHub): void
  /** The socket is in another tab now. */
  leadThere(leader: string): void
  /** There is no sharing here. */
  leadNowhere(): void
}

export interface TabGroupOptions {
  /** What the tabs have in common: nobody else is to share their socket. */
  readonly name: string
  readonly url: string
  readonly socket: SocketFactory
  readonly locks: TabLocks
  readonly channel: OpenChannel
  readonly clock: Clock
  readonly random: Random
}

type State =
  | { readonly name: "following" }
  | { readonly name: "leading"; readonly hub: SocketHub; readonly guests: Map<string, Guest> }
  /** The browser gives us no locks. */
  | { readonly name: "unable" }

/** A device of another tab, in the tab with the socket. */
interface Guest {
  readonly link: HubLink
  readonly device: HubDevice
  /** Ours when the device is gone. */
  readonly gone: Hold
}

export class TabGroup {
  readonly #options: TabGroupOptions
  readonly #id: string
  readonly #words: TabChannel
  readonly #members = new Set<Member>()
  #state: State = { name: "following" }

  constructor(options: TabGroupOptions) {
    this.#options = options
    this.#id = options.random.id(clientLimits.keyChars)
    this.#words = options.channel(options.name)
    this.#words.onmessage = ({ data }: { data: unknown }) => this.#hear(data as Word)
    const lead = () => this.#lead()
    holdLock(options.locks, `${options.name} leader`, lead, () => this.#giveUp())
  }

  /** Tells the member where the socket is, now if it is here, and whenever that changes. */
  enter(member: Member): void {
    this.#members.add(member)
    if (this.#state.name === "leading") member.leadHere(this.#state.hub)
    if (this.#state.name === "unable") member.leadNowhere()
  }

  leave(member: Member): void {
    this.#members.delete(member)
  }

  /** Asks whoever has the socket to take a device in. */
  sayHello(link: string, text: string): void {
    this.#say({ name: "hello", link, text })
  }

  openLink(link: string): TabChannel {
    return this.#options.channel(`${this.#options.name} ${link}`)
  }

  /** A link's lock: whoever waits for it learns when the link's device is gone. */
  holdLink(link: string, held: () => void): Hold {
    return holdLock(this.#options.locks, `${this.#options.name} ${link}`, held, () => {})
  }

  #say(word: Word): void {
    this.#words.postMessage(word)
  }

  #hear(word: Word): void {
    if (word.name === "leader") for (const member of [...this.#members]) member.leadThere(word.leader)
    else if (this.#state.name === "leading") this.#welcomeGuest(word.link, word.text, this.#state)
  }

  #lead(): void {
    const hub = new SocketHub(this.#options)
    this.#state = { name: "leading", hub, guests: new Map() }
    for (const member of [...this.#members]) member.leadHere(hub)
    this.#say({ name: "leader", leader: this.#id })
  }

  #giveUp(): void {
    const { hub } = this.#state.name === "leading" ? this.#state : {}
    this.#state = { name: "unable" }
    hub?.close("another tab has the socket now")
    for (const member of [...this.#members]) member.leadNowhere()
  }

  #welcomeGuest(id: string, hello: string, { hub, guests }: State & { name: "leading" }): void {
    // It said hello before we led, and again when it heard that we do.
    if (guests.has(id)) return
    const dismiss = () => {
      guests.get(id)?.device.leave()
      guests.get(id)?.gone.release()
      guests.delete(id)
      link.end()
    }
    const link = new HubLink(this.openLink(id), this.#id, {
      received: (text) => guests.get(id)?.device.send(text),
      ended: dismiss,
    })
    const gone = this.holdLink(id, dismiss)
    guests.set(id, { link, device: hub.join(link, hello), gone })
  }
}
