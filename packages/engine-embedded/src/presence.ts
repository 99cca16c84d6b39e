/** The port of presence in memory: it is true for as long as this process lives, and nobody else has it. */
import type { Presence, PresentDevice } from "@everthread/engine"

interface Present {
  readonly device: PresentDevice
  readonly connections: number
}

const keyOf = ({ user, device, node }: PresentDevice) => JSON.stringify([user, device, node])

/** @param assertOpen throws once the engine is closed. */
export function presence(assertOpen: () => void): Presence {
  const byConversation = new Map<string, Map<string, Present>>()
  const allIn = (conversation: string) => [...(byConversation.get(conversation)?.values() ?? [])]
  const isHere = (conversation: string, { user, device }: PresentDevice) =>
    allIn(conversation).some((present) => present.device.user === user && present.device.device === device)

  /** @returns whether the count could change: nobody leaves who is not here. */
  function count(conversation: string, device: PresentDevice, change: 1 | -1): boolean {
    const here = byConversation.get(conversation) ?? new Map<string, Present>()
    const connections = (here.get(keyOf(device))?.connections ?? 0) + change
    if (connections < 0) return false
    if (connections === 0) here.delete(keyOf(device))
    else here.set(keyOf(device), { device, connections })
    if (here.size === 0) byConversation.delete(conversation)
    else byConversation.set(conversation, here)
    return true
  }

  return {
    async enter(conversation, device) {
      assertOpen()
      const isNew = !isHere(conversation, device)
      count(conversation, device, 1)
      return isNew
    },
    async leave(conversation, device) {
      assertOpen()
      return count(conversation, device, -1) && !isHere(conversation, device)
    },
    // Who dies without a word takes every connection along, and whoever could be told.
    onGone() {
      assertOpen()
      return () => undefined
    },
    onBack() {
      assertOpen()
      return () => undefined
    },
    async present(conversation) {
      assertOpen()
      return allIn(conversation).map((present) => present.device)
    },
  }
}
