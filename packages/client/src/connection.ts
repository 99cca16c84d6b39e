/**
 * The one connection: gets a token, opens a socket, says hello, keeps it alive, and after a loss comes
 * back as the tables of the protocol say.
 *
 * It owns the socket and its timers, and nothing that goes over it: what is asked, followed or waits
 * to be sent hears of `changed` and begins anew. What comes next in each state is the table's in
 * `connection-state.ts`; here is only what has to be done on the way in and out of one.
 */
import {
  type Clock,
  type DownFrame,
  LeanReader,
  protocolVersion,
  type Random,
  type Reconnect,
  reconnectAfter,
  type Timer,
  type UpFrame,
} from "@everthread/protocol"
import { retryAfterJitterMs } from "./backoff.ts"
import { type ConnectionEvent, type ConnectionState, nextState } from "./connection-state.ts"
import { decodeFrame, encodeFrame } from "./frames.ts"
import { Heartbeat } from "./heartbeat.ts"
import { clientLimits } from "./limits.ts"
import type { ClientSocket, SocketFactory } from "./socket.ts"
import type { TokenSource } from "./token.ts"

export interface ConnectionOptions {
  readonly url: string
  readonly device: string
  readonly user?: string
  readonly token: TokenSource
  readonly clock: Clock
  readonly random: Random
  readonly socket: SocketFactory
  /** A request id that no other open request has. */
  nextId(): number
  /** Every frame after the welcome. */
  received(frame: DownFrame): void
  changed(state: ConnectionState, before: ConnectionState): void
}

export class Connection {
  readonly #options: ConnectionOptions
  #state: ConnectionState = { name: "idle" }
  #socket: ClientSocket | undefined
  /** Rises with every try: whatever a forgotten socket still says is of an older one. */
  #generation = 0
  #heartbeat: Heartbeat | undefined
  /** Runs while the present state lasts. */
  #timer: Timer | undefined
  /** Runs while a doubted connection has the chance to answer. */
  #doubtTimer: Timer | undefined
  /** The newest question whether the server is there. */
  #probed = 0
  #token: string | undefined
  /** What the server said about the close that is to come. */
  #notice: { readonly reason: string; readonly atLeastMs: number } | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** The token of the present connection. */
  get token(): string | undefined {
    return this.#token
  }

  /** Connects, or tries again at once; on an open connection, asks whether it still lives. */
  wake(): void {
    if (this.#state.name !== "open") return this.#step({ name: "wake" })
    this.#probe()
    // Another network than before: nothing will ever come over a socket of the old one.
    if (this.#state.isDoubted) this.#startDoubt()
  }

  /** The network is said to be gone. What may work is kept, and counts as lost to who looks until the server answers. (SPEC CON9) */
  doubt(): void {
    this.#step({ name: "doubted" })
    this.#probe()
  }

  /** Gives the present connection up, as if the network had: it comes back by itself. */
  drop(reason: string): void {
    this.#lose("backoff", reason)
  }

  close(reason: string): void {
    this.#step({ name: "close", reason })
  }

  /** @returns `false` if there is no open connection to send it on. */
  send(frame: UpFrame): boolean {
    if (this.#state.name !== "open" || !this.#socket) return false
    this.#socket.send(encodeFrame(frame))
    return true
  }

  #step(event: ConnectionEvent): void {
    const before = this.#state
    const after = nextState(before, event)
    if (after === before) return
    this.#state = after
    if (after.name !== before.name) {
      this.#leave(after)
      this.#enter(after)
    }
    this.#options.changed(after, before)
  }

  #leave(after: ConnectionState): void {
    if (this.#timer) this.#options.clock.stopTimer(this.#timer)
    this.#stopDoubt()
    this.#heartbeat?.stop()
    this.#heartbeat = undefined
    if (after.name !== "greeting" && after.name !== "open") this.#hangUp()
  }

  #enter(state: ConnectionState): void {
    switch (state.name) {
      case "connecting":
        this.#notice = undefined
        this.#startDeadline()
        void this.#dial()
        return
      case "greeting":
        this.#startDeadline()
        this.#greet()
        return
      case "open":
        this.#timer = this.#startTimer(clientLimits.steadyAfterMs, () => this.#step({ name: "steady" }))
        this.#heartbeat = this.#startHeartbeat(state.welcome.heartbeatMs)
        return
      case "waiting":
        this.#timer = this.#startTimer(state.delayMs, () => this.#step({ name: "wake" }))
        return
    }
  }

  #hangUp(): void {
    this.#generation += 1
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }

  async #dial(): Promise<void> {
    this.#generation += 1
    const generation = this.#generation
    const ifCurrent = (run: () => void) => {
      if (generation === this.#generation) run()
    }
    try {
      const token = await this.#options.token.get()
      ifCurrent(() => this.#open(token, ifCurrent))
    } catch (error) {
      ifCurrent(() => this.#lose("backoff", error instanceof Error ? error.message : String(error)))
    }
  }

  #open(token: string | undefined, ifCurrent: (run: () => void) => void): void {
    this.#token = token
    const reader = new LeanReader()
    this.#socket = this.#options.socket(this.#options.url, {
      opened: () => ifCurrent(() => this.#step({ name: "opened" })),
      received: (text) => ifCurrent(() => this.#received(text, reader)),
      closed: (code, reason) => ifCurrent(() => this.#lose(reconnectAfter(code), reason || `closed with ${code}`)),
    })
  }

  #greet(): void {
    const { device, user } = this.#options
    const hello = {
      type: "hello",
      protocol: protocolVersion,
      lean: true,
      device,
      ...(user === undefined ? {} : { user }),
      ...(this.#token === undefined ? {} : { token: this.#token }),
    }
    this.#socket?.send(JSON.stringify(hello))
  }

  #received(text: string, reader: LeanReader): void {
    this.#heartbeat?.heard()
    const frame = decodeFrame(text, reader)
    if (!frame) return
    if (frame.type === "welcome") this.#step({ name: "welcomed", welcome: frame })
    else if (frame.type === "error" && frame.id === undefined) this.#noteError(frame.error)
    else if (this.#state.name === "open") {
      if (frame.type === "ok" && frame.id === this.#probed) this.#answered()
      this.#options.received(frame)
    }
  }

  #answered(): void {
    this.#stopDoubt()
    this.#step({ name: "answered" })
  }

  /** An error that answers no request says why the server is about to close. */
  #noteError(error: { readonly message: string; readonly retryAfterMs?: number | undefined }): void {
    const atLeastMs = retryAfterJitterMs(error.retryAfterMs ?? 0, this.#options.random.fraction())
    this.#notice = { reason: error.message, atLeastMs }
  }

  #lose(reconnect: Reconnect, reason: string): void {
    this.#step({
      name: "lost",
      reconnect,
      reason: this.#notice?.reason ?? reason,
      refreshable: this.#options.token.refreshable,
      fraction: this.#options.random.fraction(),
      atLeastMs: this.#notice?.atLeastMs ?? 0,
    })
  }

  #startHeartbeat(heartbeatMs: number): Heartbeat {
    return new Heartbeat({
      clock: this.#options.clock,
      heartbeatMs,
      probe: () => this.#probe(),
      dead: () => this.drop("the server fell silent"),
    })
  }

  #probe(): void {
    this.#probed = this.#options.nextId()
    this.send({ type: "ping", id: this.#probed })
  }

  #startDoubt(): void {
    this.#stopDoubt()
    this.#doubtTimer = this.#startTimer(clientLimits.doubtDeadlineMs, () => this.drop("the network was gone"))
  }

  #stopDoubt(): void {
    if (this.#doubtTimer) this.#options.clock.stopTimer(this.#doubtTimer)
    this.#doubtTimer = undefined
  }

  #startDeadline(): void {
    this.#timer = this.#startTimer(clientLimits.connectDeadlineMs, () => this.drop("the server did not answer in time"))
  }

  #startTimer(delayMs: number, run: () => void): Timer {
    return this.#options.clock.startTimer(delayMs, run)
  }
}
