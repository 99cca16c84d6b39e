/**
 * A socket that all tabs of a browser share, as each of them sees it: a socket of its own.
 *
 * Which tabs share one follows from the hello: the same server, user, device and version of the protocol. So a tab in
 * which somebody else has signed in never gets another one's connection. Sharing only saves sockets; whenever it does not
 * work at once, the tab opens one of its own, and everything else is as ever.
 */
import { type Clock, type Random, systemClock, systemRandom, type Timer } from "@everthread/protocol"
import { clientLimits } from "../limits.ts"
import { type ClientSocket, platformSocket, type SocketFactory, type SocketHandlers } from "../socket.ts"
import { subjectOf } from "../token.ts"
import type { HubDevice, SocketHub } from "./socket-hub.ts"
import { type OpenChannel, platformChannels } from "./tab-channel.ts"
import { type Member, TabGroup } from "./tab-group.ts"
import { DeviceLink } from "./tab-link.ts"
import { type Hold, platformLocks, type TabLocks } from "./tab-locks.ts"

export interface SharedSocketOptions {
  /** How the tab whose turn it is opens the socket; without it, the platform's own WebSocket. */
  readonly socket?: SocketFactory
  readonly locks?: TabLocks | undefined
  readonly channel?: OpenChannel | undefined
  readonly clock?: Clock
  readonly random?: Random
}

/** @returns what `createClient` takes as `socket`; without Web Locks or BroadcastChannel, sockets that are not shared. */
export function sharedSocket(options: SharedSocketOptions = {}): SocketFactory {
  const { socket = platformSocket, clock = systemClock, random = systemRandom } = options
  const locks = "locks" in options ? options.locks : platformLocks()
  const channel = "channel" in options ? options.channel : platformChannels()
  if (!locks || !channel) return socket
  const groups = new Map<string, TabGroup>()
  const groupOf = (name: string, url: string) => {
    const group = groups.get(name) ?? new TabGroup({ name, url, socket, locks, channel, clock, random })
    groups.set(name, group)
    return group
  }
  return (url, handlers) => new SharedSocket({ url, handlers, socket, clock, random, groupOf })
}

interface Options {
  readonly url: string
  readonly handlers: SocketHandlers
  readonly socket: SocketFactory
  readonly clock: Clock
  readonly random: Random
  groupOf(name: string, url: string): TabGroup
}

/** A way to wherever the socket is. */
interface Way {
  send(text: string): void
  close(): void
}

type State =
  /** The hello is not said yet. */
  | { readonly name: "silent" }
  /** Nobody who has the socket has answered yet. */
  | { readonly name: "calling"; readonly way: Way; readonly say: () => void; readonly deadline: Timer }
  /** Over the socket of another tab. */
  | { readonly name: "guest"; readonly way: Way; readonly leader: string }
  /** Over the socket of this tab, shared or not. */
  | { readonly name: "here"; readonly way: Way }
  | { readonly name: "ended" }

class SharedSocket implements ClientSocket, Member {
  readonly #options: Options
  #state: State = { name: "silent" }
  #hello = ""
  #group: TabGroup | undefined

  constructor(options: Options) {
    this.#options = options
    queueMicrotask(() => {
      if (this.#state.name === "silent") options.handlers.opened()
    })
  }

  /** Nothing is answered before it returns: the client does not expect that of a network. */
  send(text: string): void {
    queueMicrotask(() => {
      if (this.#state.name === "silent") this.#begin(text)
      else if (this.#state.name === "guest" || this.#state.name === "here") this.#state.way.send(text)
    })
  }

  close(): void {
    this.#group?.leave(this)
    this.#move({ name: "ended" })
  }

  leadHere(hub: SocketHub): void {
    if (this.#state.name === "guest") this.#lost()
    else if (this.#state.name === "calling" || this.#state.name === "silent") this.#takeSeat(hub)
  }

  leadThere(leader: string): void {
    if (this.#state.name === "calling") this.#state.say()
    else if (this.#state.name === "guest" && this.#state.leader !== leader) this.#lost()
  }

  leadNowhere(): void {
    if (this.#state.name === "guest") this.#lost()
    else if (this.#state.name === "calling" || this.#state.name === "silent") this.#goAlone()
  }

  #begin(hello: string): void {
    this.#hello = hello
    const name = nameOf(this.#options.url, hello)
    if (name === undefined) return this.#goAlone()
    this.#group = this.#options.groupOf(name, this.#options.url)
    this.#group.enter(this)
    if (this.#state.name === "silent") this.#call(this.#group)
  }

  /** To the tab that has the socket. The lock comes first: without it we would count as gone. */
  #call(group: TabGroup): void {
    const { clock, random } = this.#options
    const id = random.id(clientLimits.keyChars)
    const link = new DeviceLink(group.openLink(id), {
      joined: (leader) => this.#joined(leader),
      received: (text) => this.#options.handlers.received(text),
      closed: (code, reason) => this.#closed(code, reason),
    })
    let isHeld = false
    const say = () => {
      if (isHeld) group.sayHello(id, this.#hello)
    }
    const lock: Hold = group.holdLink(id, () => {
      isHeld = true
      say()
    })
    const way = wayOf(link, lock)
    const deadline = clock.startTimer(clientLimits.sharedJoinDeadlineMs, () => this.#goAlone())
    this.#move({ name: "calling", way, say, deadline })
  }

  #joined(leader: string): void {
    if (this.#state.name !== "calling") return
    const { way, deadline } = this.#state
    this.#options.clock.stopTimer(deadline)
    this.#state = { name: "guest", way, leader }
  }

  #takeSeat(hub: SocketHub): void {
    const { received } = this.#options.handlers
    const end = { received, closed: (code: number, reason: string) => this.#closed(code, reason) }
    let device: HubDevice | undefined
    this.#move({ name: "here", way: { send: (text) => device?.send(text), close: () => device?.leave() } })
    device = hub.join(end, this.#hello)
  }

  #goAlone(): void {
    try {
      this.#move({ name: "here", way: this.#openOwn() })
    } catch (error) {
      this.#closed(1006, error instanceof Error ? error.message : String(error))
    }
  }

  #openOwn(): ClientSocket {
    const { handlers, socket, url } = this.#options
    const own: ClientSocket = socket(url, {
      opened: () => own.send(this.#hello),
      received: handlers.received,
      closed: (code, reason) => this.#closed(code, reason),
    })
    return own
  }

  #lost(): void {
    this.#closed(1006, "the socket has moved to another tab")
  }

  #closed(code: number, reason: string): void {
    if (this.#state.name === "ended") return
    this.close()
    this.#options.handlers.closed(code, reason)
  }

  #move(state: State): void {
    const before = this.#state
    this.#state = state
    if (before.name === "calling") this.#options.clock.stopTimer(before.deadline)
    if (before.name === "calling" || before.name === "guest" || before.name === "here") before.way.close()
  }
}

function wayOf(link: DeviceLink, lock: Hold): Way {
  return {
    send: (text) => link.send(text),
    close() {
      link.end()
      lock.release()
    },
  }
}

/** @returns what those have in common who may share a socket; `undefined` if the hello does not say who speaks. */
function nameOf(url: string, hello: string): string | undefined {
  const { user, token, device, protocol } = JSON.parse(hello) as { [field: string]: string | undefined }
  // Where authentication is on, it is the token that says who this is.
  const who = token === undefined ? user : subjectOf(token)
  return who === undefined ? undefined : `everthread ${JSON.stringify([url, who, device, protocol])}`
}
