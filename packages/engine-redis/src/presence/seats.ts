/** Which devices are connected here, and how often: the truth that this engine keeps in the store. */
import type { PresentDevice } from "@everthread/engine"

/** A device in a conversation, on a node. */
export interface Seat extends PresentDevice {
  readonly conversation: string
}

/** A seat as one text, and back. */
export const nameOfSeat = ({ conversation, user, device, node }: Seat): string =>
  JSON.stringify([conversation, user, device, node])

export function seatOf(name: string): Seat {
  const [conversation, user, device, node] = JSON.parse(name) as [string, string, string, string]
  return { conversation, user, device, node }
}

export class Seats {
  readonly #partitionOf: (conversation: string) => number
  /** Connections by the seat's name, by partition. */
  readonly #connections = new Map<number, Map<string, number>>()

  constructor(partitionOf: (conversation: string) => number) {
    this.#partitionOf = partitionOf
  }

  /** @returns whether it is the first connection. */
  take(seat: Seat): boolean {
    const taken = this.#beside(seat)
    const connections = taken.get(nameOfSeat(seat)) ?? 0
    taken.set(nameOfSeat(seat), connections + 1)
    return connections === 0
  }

  /** @returns whether it was the last connection: nobody leaves who is not here. */
  give(seat: Seat): boolean {
    const taken = this.#beside(seat)
    const connections = taken.get(nameOfSeat(seat)) ?? 0
    if (connections > 1) taken.set(nameOfSeat(seat), connections - 1)
    return connections === 1 && taken.delete(nameOfSeat(seat))
  }

  has(seat: Seat): boolean {
    return this.#beside(seat).has(nameOfSeat(seat))
  }

  names(partition: number): string[] {
    return [...(this.#connections.get(partition)?.keys() ?? [])]
  }

  #beside({ conversation }: Seat): Map<string, number> {
    const partition = this.#partitionOf(conversation)
    const taken = this.#connections.get(partition) ?? new Map<string, number>()
    this.#connections.set(partition, taken)
    return taken
  }
}
