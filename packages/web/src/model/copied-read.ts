/** What came along into a fork was read where it comes from: whoever forks has nothing new there. */
import { type Conversation, readUpTo } from "@everthread/client"

type Fork = Pick<Conversation, "snapshot" | "subscribe" | "markRead">

/** @returns when the fork itself says so: whoever opens it before would find a line above what they know. */
export async function readCopied(fork: Fork, user: string): Promise<void> {
  await shown(fork, () => fork.snapshot().status === "live")
  const { seq } = fork.snapshot().state
  await fork.markRead(seq)
  await shown(fork, () => readUpTo(fork.snapshot().state.receipts, user) >= seq)
}

/** One that is closed shows nothing more: nobody waits for it. */
function shown(fork: Fork, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo() && fork.snapshot().status !== "closed") return
      stop()
      resolve()
    }
    const stop = fork.subscribe(look)
    look()
  })
}
