/** A connection that is opened again, with jitter, for as long as somebody wants it. */
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { Link, LinkOptions } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"

/** Opens a connection and makes sure that it is to a master that may be used. */
export interface LinkOpener {
  readonly clock: Clock
  readonly random: Random
  open(address: ServerAddress, lost: LinkOptions["lost"]): Promise<Link>
}

export interface KeptLink {
  readonly link: Link | undefined
  /** Why there is none at the moment. */
  readonly reason: string
  close(): void
}

const retryMsMin = 50
const retryMsMax = 2_000

/** @throws EngineError if the first try fails. */
export async function keepLink(address: ServerAddress, opener: LinkOpener, changed: () => void): Promise<KeptLink> {
  const { clock, random } = opener
  let link: Link | undefined
  let reason = ""
  let retryMs = retryMsMin
  let timer: Timer | undefined
  let closed = false

  async function open(): Promise<void> {
    const opened = await opener.open(address, lost)
    if (closed) return opened.close()
    link = opened
    retryMs = retryMsMin
    changed()
  }

  function lost(why: string): void {
    link = undefined
    reason = why
    if (closed) return
    changed()
    retry()
  }

  function retry(): void {
    // Full jitter: nodes that lost the same server do not come back in step.
    const delayMs = retryMs * (0.5 + random.fraction() / 2)
    retryMs = Math.min(retryMs * 2, retryMsMax)
    timer = clock.startTimer(delayMs, () => {
      open().catch((error: unknown) => {
        reason = error instanceof Error ? error.message : String(error)
        if (closed) return
        changed()
        retry()
      })
    })
  }

  await open()
  return {
    get link() {
      return link?.isOpen ? link : undefined
    },
    get reason() {
      return reason || "there is no connection"
    },
    close() {
      closed = true
      if (timer) clock.stopTimer(timer)
      link?.close()
    },
  }
}
