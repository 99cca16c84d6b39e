/**
 * A connection to one master, opened again with jitter for as long as somebody wants it.
 *
 * Whether the server is a master is asked when it is opened and every second from then on. The question also shows
 * a server that is gone without a word while nobody has anything to ask: its answer is overdue like any other.
 */
import { EngineError } from "@everthread/engine"
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { Link, LinkOptions } from "../connection/link.ts"
import { type ServerAddress, serverName } from "../connection/target.ts"
import { assertMaster } from "./role.ts"

/** What opening connections needs. */
export interface LinkOpener {
  readonly clock: Clock
  readonly random: Random
  open(address: ServerAddress, lost: LinkOptions["lost"]): Promise<Link>
  /** A connection took the place of one that was lost. */
  readonly reconnected: () => void
}

export interface KeptLink {
  readonly address: ServerAddress
  /** The open connection to what has said that it is a master. */
  readonly link: Link | undefined
  /** Why there is none at the moment. */
  readonly reason: string
  /** Why it will not be let in, however often it tries. */
  readonly refusal: EngineError | undefined
  /** Asks at once whether it still is a master. */
  check(): void
  /** Whoever waits for an answer of this server waits no longer. */
  close(reason?: string): void
}

const retryMsMin = 50
const retryMsMax = 2_000
const checkEveryMs = 1_000

/** @param changed called after `link` has changed, never before `keepLink` has returned. */
export function keepLink(address: ServerAddress, opener: LinkOpener, changed: () => void): KeptLink {
  const { clock, random } = opener
  let link: Link | undefined
  let checking: Link | undefined
  let reason = "it is not connected yet"
  let refusal: EngineError | undefined
  let retryMs = retryMsMin
  let timer: Timer | undefined
  let wasOpen = false
  let isClosed = false

  async function connect(): Promise<void> {
    try {
      const opened = await openMaster(address, opener, lost)
      if (isClosed) return opened.close()
      if (!opened.isOpen) throw new Error("the connection was lost at once")
      link = opened
      refusal = undefined
      retryMs = retryMsMin
      later(checkEveryMs, check)
      if (wasOpen) opener.reconnected()
      wasOpen = true
      changed()
    } catch (error) {
      failed(error)
    }
  }

  function failed(error: unknown): void {
    if (isClosed) return
    refusal = error instanceof EngineError && error.code === "unusable" ? error : undefined
    reason = error instanceof Error ? error.message : String(error)
    // Full jitter: nodes that lost the same server do not come back in step.
    later(random.fraction() * retryMs, () => void connect())
    retryMs = Math.min(retryMs * 2, retryMsMax)
    changed()
  }

  function lost(why: string): void {
    // One that was lost before it counted is told of by `connect`.
    if (!link || link.isOpen) return
    link = undefined
    failed(`Redis at ${serverName(address)} was lost: ${why}`)
  }

  /** One check at a time, however many have a reason for one; the next one follows the answer. */
  function check(): void {
    const asked = link
    if (!asked || asked === checking) return
    checking = asked
    assertMaster(asked).then(
      () => {
        checking = undefined
        if (asked === link) later(checkEveryMs, check)
      },
      (error: unknown) => asked.close(error instanceof Error ? error.message : String(error)),
    )
  }

  function later(delayMs: number, run: () => void): void {
    if (timer) clock.stopTimer(timer)
    timer = isClosed ? undefined : clock.startTimer(delayMs, run)
  }

  void connect()
  return {
    address,
    get link() {
      return link
    },
    get reason() {
      return reason
    },
    get refusal() {
      return refusal
    },
    check,
    close(why) {
      isClosed = true
      if (timer) clock.stopTimer(timer)
      const last = link
      link = undefined
      last?.close(why)
    },
  }
}

/** A connection that is not a master's is no connection. */
async function openMaster(address: ServerAddress, opener: LinkOpener, lost: LinkOptions["lost"]): Promise<Link> {
  const link = await opener.open(address, lost)
  try {
    await assertMaster(link)
    return link
  } catch (error) {
    link.close()
    throw error
  }
}
