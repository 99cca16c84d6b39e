/**
 * What waits for one connection, bounded.
 *
 * What is due in one turn goes out in one write. While the network takes nothing, frames wait here as
 * frames, not as bytes: beyond `outboxCoalesceBytes` neighbouring ones of a conversation are joined, their
 * deltas with them, so a slow device gets fewer and larger pieces of the same text. When more comes while
 * `outboxBytesMax` wait already, the connection is given up: its owner is told once, and nothing more is
 * written. The newest item itself may be larger than that: what replays waits for its turn, and a snapshot
 * or a page that never fitted could never be resumed from. (SPEC DLV3, SUB2)
 */
import { type Encoder, joinLogFrames, type LogFrame } from "../core/log-frame.ts"
import type { Socket } from "./socket.ts"
import type { Tick } from "./tick.ts"

interface Waiting {
  readonly conversation: string
  readonly frame: LogFrame
  readonly encoder: Encoder
  readonly bytes: Uint8Array
}

/** Bytes that stand as they are, or a frame of a conversation, which can still be joined with its neighbours. */
type Item = Uint8Array | Waiting

export interface OutboxBounds {
  /** What may wait when more comes. */
  readonly outboxBytesMax: number
  /** From here on neighbours are joined, and replays wait. */
  readonly outboxCoalesceBytes: number
}

export interface OutboxOwner {
  /** Too much waits; nothing more is written. */
  overflowed(): void
}

/** What nothing is ever pushed to: an array of its own for every outbox in which nothing waits would be made anew in each turn. */
const none: Item[] = []

/** How much is handed to the network ahead of what it has taken: beyond it, waiting here is better. */
const writeAheadBytes = 65_536

export class Outbox {
  readonly #socket: Pick<Socket, "write" | "pendingBytes">
  readonly #tick: Tick
  readonly #bounds: OutboxBounds
  readonly #owner: OutboxOwner
  #items: Item[] = none
  #bytes = 0
  #coalesceAt: number
  #scheduled = false
  #closed = false
  #ready: (() => void)[] | undefined
  #framesSent = 0
  #bytesSent = 0

  constructor(socket: Pick<Socket, "write" | "pendingBytes">, tick: Tick, bounds: OutboxBounds, owner: OutboxOwner) {
    this.#socket = socket
    this.#tick = tick
    this.#bounds = bounds
    this.#owner = owner
    this.#coalesceAt = bounds.outboxCoalesceBytes
  }

  /** Bytes that wait here, beside what the network has not taken yet. */
  get waitingBytes(): number {
    return this.#bytes
  }

  /** Frames and bytes that were handed to the network so far. */
  get framesSent(): number {
    return this.#framesSent
  }

  get bytesSent(): number {
    return this.#bytesSent
  }

  send(bytes: Uint8Array): void {
    this.#add(bytes, bytes.length)
  }

  /** @param short says the same of a frame that goes out by itself, behind the one before it. */
  sendFrame(conversation: string, frame: LogFrame, encoder: Encoder, short = encoder): void {
    const bytes = frame.bytes(conversation, short)
    if (bytes) this.#add(waiting(conversation, frame, encoder, bytes), bytes.length)
  }

  /** Resolves when little waits, so that a replay does not fill it up by itself; `undefined`: now. */
  ready(): Promise<void> | undefined {
    if (this.#closed || (this.#bytes < this.#bounds.outboxCoalesceBytes && this.#room > 0)) return undefined
    return new Promise((resolve) => {
      this.#ready ??= []
      this.#ready.push(resolve)
    })
  }

  /**
   * Writes what waits, as far as the network takes it. A network that takes all of a write at once never says
   * `drained` for it, so whether there is room is asked again after each write.
   */
  flush(): void {
    this.#scheduled = false
    this.#write()
    if (this.#ready && this.#room > 0) this.#tellReady()
  }

  /** The network has taken everything: more can go. */
  drained(): void {
    this.flush()
  }

  /** Hands over all that waits, whatever the network has taken before, and takes nothing more. */
  finish(): void {
    while (this.#items.length > 0) this.#socket.write(this.#take(Number.POSITIVE_INFINITY))
    this.close()
  }

  close(): void {
    this.#closed = true
    this.#items = none
    this.#bytes = 0
    this.#tellReady()
  }

  #write(): void {
    while (this.#items.length > 0 && this.#room > 0) this.#socket.write(this.#take(this.#room))
  }

  /** What may be handed to the network ahead of what it has taken. */
  get #room(): number {
    return writeAheadBytes - this.#socket.pendingBytes
  }

  #add(item: Item, bytes: number): void {
    if (this.#closed) return
    // One turn may bring more than the bound to a peer that reads well, so the network is asked first.
    if (this.#bytes > this.#bounds.outboxBytesMax) this.flush()
    if (this.#bytes > this.#bounds.outboxBytesMax) return this.#overflow()
    // An array with one in it takes a third of what `push` makes of an empty one.
    if (this.#items.length === 0) this.#items = [item]
    else this.#items.push(item)
    this.#bytes += bytes
    if (this.#bytes > this.#coalesceAt) this.#relieve()
    if (this.#scheduled) return
    this.#scheduled = true
    this.#tick.add(this)
  }

  /** Takes items from the front until they fill the room; the last of them may go beyond it. */
  #take(room: number): Uint8Array[] {
    let [count, bytes] = [0, 0]
    for (; bytes < room && count < this.#items.length; count++) bytes += bytesOf(this.#items[count] as Item).length
    const chunks = (count === this.#items.length ? this.#items : this.#items.slice(0, count)).map(bytesOf)
    this.#bytes -= bytes
    this.#bytesSent += bytes
    this.#framesSent += count
    this.#items = count === this.#items.length ? none : this.#items.slice(count)
    this.#coalesceAt = Math.max(this.#bounds.outboxCoalesceBytes, this.#bytes * 2)
    return chunks
  }

  #overflow(): void {
    this.close()
    this.#owner.overflowed()
  }

  /** What the network takes need not be joined: a device that is caught up gets pages that others share with it. */
  #relieve(): void {
    this.#write()
    if (this.#bytes > this.#coalesceAt) this.#coalesce()
  }

  /** Joins runs of adjacent frames of a conversation. Doubling the mark keeps the work linear in what is pushed. */
  #coalesce(): void {
    const items: Item[] = []
    let run: Waiting[] = []
    const endRun = () => {
      const joined = joinWaiting(run)
      if (joined) items.push(joined)
      run = []
    }
    for (const item of this.#items) {
      if (item instanceof Uint8Array) {
        endRun()
        items.push(item)
      } else {
        const last = run.at(-1)
        if (last && !areAdjacent(last, item)) endRun()
        run.push(item)
      }
    }
    endRun()
    this.#items = items
    this.#bytes = items.reduce((sum, item) => sum + bytesOf(item).length, 0)
    this.#coalesceAt = Math.max(this.#bounds.outboxCoalesceBytes, this.#bytes * 2)
  }

  #tellReady(): void {
    const ready = this.#ready
    this.#ready = undefined
    for (const resolve of ready ?? []) resolve()
  }
}

let newest: Waiting | undefined

/** Everybody who follows a conversation is told one after the other, so they nearly always share what waits for them. */
function waiting(conversation: string, frame: LogFrame, encoder: Encoder, bytes: Uint8Array): Waiting {
  if (newest?.frame !== frame || newest.encoder !== encoder || newest.bytes !== bytes)
    newest = { conversation, frame, encoder, bytes }
  return newest
}

function bytesOf(item: Item): Uint8Array {
  return item instanceof Uint8Array ? item : item.bytes
}

/** Where a protocol had nothing to say of a frame, it is not here, and its neighbours are not each other's. */
function areAdjacent(first: Waiting, second: Waiting): boolean {
  return first.conversation === second.conversation && first.frame.cursor === second.frame.prev
}

function joinWaiting(run: readonly Waiting[]): Waiting | undefined {
  const [first, ...rest] = run
  if (!first || rest.length === 0) return first
  const frame = joinLogFrames([first.frame, ...rest.map((waiting) => waiting.frame)])
  const bytes = frame.bytes(first.conversation, first.encoder)
  return bytes ? { ...first, frame, bytes } : undefined
}
