/**
 * Who is here, on all nodes. The board itself knows no faults; how the news of it travels does. Of what went with a node
 * that died, one of the others is told some time later. (SPEC NOD2)
 */
import type { Presence, PresentDevice } from "@everthread/engine"
import type { Host } from "../world/host.ts"
import type { StoreLink } from "./store-link.ts"

type Gone = Parameters<Presence["onGone"]>[0]

/** How long it takes until a node is known to be dead, in milliseconds. */
const foundOutMs = 400

const isSame = (one: PresentDevice, { user, device }: Pick<PresentDevice, "user" | "device">) =>
  one.user === user && one.device === device

export class PresenceBoard {
  readonly #here = new Map<string, PresentDevice[]>()
  readonly #ears = new Map<Host, Gone>()

  of(link: Pick<StoreLink, "assertOpen">, host: Host): Presence {
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
      isPresent: async (conversation, device) => {
        link.assertOpen()
        return this.#in(conversation).some((one) => isSame(one, device))
      },
      onGone: (listener) => {
        this.#ears.set(host, listener)
        return () => this.#ears.delete(host)
      },
      onBack: () => () => undefined,
    }
  }

  nodeDied(node: string): void {
    for (const [conversation, here] of this.#here) {
      const left = here.filter((one) => one.node !== node)
      this.#here.set(conversation, left)
      const gone = here.filter((one) => one.node === node && !left.some((other) => isSame(other, one)))
      for (const device of gone) this.#tellOne(conversation, device)
    }
  }

  /** One that stands still finds it out when it goes on; by then the device may be here again. */
  #tellOne(conversation: string, device: PresentDevice): void {
    const [host, listener] = [...this.#ears].find(([host]) => !host.isDead) ?? []
    host?.after(foundOutMs, () => {
      if (!this.#in(conversation).some((one) => isSame(one, device))) listener?.(conversation, device)
    })
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
