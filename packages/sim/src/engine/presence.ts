/** Who is here, on all nodes. It is no part of what is judged, so it knows no faults: a node that died is known at once. */
import type { Presence, PresentDevice } from "@everthread/engine"
import type { StoreLink } from "./store-link.ts"

const isSame = (one: PresentDevice, { user, device }: PresentDevice) => one.user === user && one.device === device

export class PresenceBoard {
  readonly #here = new Map<string, PresentDevice[]>()

  of(link: Pick<StoreLink, "assertOpen">): Presence {
    return {
      enter: async (conversation, device) => {
        link.assertOpen()
        const here = this.#in(conversation)
        const isNew = !here.some((one) => isSame(one, device))
        here.push(device)
        return isNew
      },
      leave: async (conversation, device) => {
        link.assertOpen()
        return this.#leave(conversation, device)
      },
      present: async (conversation) => {
        link.assertOpen()
        const perNode = new Map(
          this.#in(conversation).map((one) => [JSON.stringify([one.user, one.device, one.node]), one]),
        )
        return [...perNode.values()]
      },
      onGone: () => () => undefined,
      onBack: () => () => undefined,
    }
  }

  nodeDied(node: string): void {
    for (const [conversation, here] of this.#here) {
      this.#here.set(
        conversation,
        here.filter((one) => one.node !== node),
      )
    }
  }

  #leave(conversation: string, device: PresentDevice): boolean {
    const here = this.#in(conversation)
    const at = here.findIndex((one) => isSame(one, device) && one.node === device.node)
    if (at < 0) return false
    here.splice(at, 1)
    return !here.some((one) => isSame(one, device))
  }

  #in(conversation: string): PresentDevice[] {
    const here = this.#here.get(conversation) ?? []
    this.#here.set(conversation, here)
    return here
  }
}
