/** The port of presence in memory: it is true for as long as this process lives, and nobody else has it. */
import type { Presence, PresentDevice } from "@everthread/engine"

type Device = Pick<PresentDevice, "user" | "device">

/** A device that is here, and how many connections it has on each node. */
interface Present extends Device {
  readonly connections: Map<string, number>
}

const nameOf = ({ user, device }: Device) => JSON.stringify([user, device])

/** @param assertOpen throws once the engine is closed. */
export function presence(assertOpen: () => void): Presence {
  const byConversation = new Map<string, Map<string, Present>>()
  const isHere = (conversation: string, device: Device) =>
    byConversation.get(conversation)?.has(nameOf(device)) === true

  function add(conversation: string, { user, device, node }: PresentDevice): void {
    const here = byConversation.get(conversation) ?? new Map<string, Present>()
    const present = here.get(nameOf({ user, device })) ?? { user, device, connections: new Map<string, number>() }
    present.connections.set(node, (present.connections.get(node) ?? 0) + 1)
    byConversation.set(conversation, here.set(nameOf(present), present))
  }

  /** Nobody leaves who is not here. @returns whether the device is not here any more. */
  function take(conversation: string, { node, ...device }: PresentDevice): boolean {
    const here = byConversation.get(conversation)
    const connections = here?.get(nameOf(device))?.connections
    const count = connections?.get(node)
    if (!here || !connections || count === undefined) return false
    if (count > 1) connections.set(node, count - 1)
    else connections.delete(node)
    if (connections.size > 0) return false
    here.delete(nameOf(device))
    if (here.size === 0) byConversation.delete(conversation)
    return true
  }

  return {
    async enter(conversation, device) {
      assertOpen()
      const isNew = !isHere(conversation, device)
      add(conversation, device)
      return isNew
    },
    async leave(conversation, device) {
      assertOpen()
      return take(conversation, device)
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
      return [...(byConversation.get(conversation)?.values() ?? [])].flatMap(({ user, device, connections }) =>
        [...connections.keys()].map((node) => ({ user, device, node })),
      )
    },
    async isPresent(conversation, device) {
      assertOpen()
      return isHere(conversation, device)
    },
  }
}
