/** The port of who is here: devices that are subscribed to a conversation, on all nodes. Never durable. */

export interface PresentDevice {
  readonly user: string
  readonly device: string
  readonly node: string
}

/** Where `enter` or `leave` throws, the engine puts it right by itself once the store is back, and `onBack` tells. */
export interface Presence {
  /** @returns whether the device was not here before, on any connection. */
  enter(conversation: string, device: PresentDevice): Promise<boolean>
  /** @returns whether it was the device's last connection here. */
  leave(conversation: string, device: PresentDevice): Promise<boolean>
  present(conversation: string): Promise<readonly PresentDevice[]>
  /** @returns whether the device is here, on any node: what `present` says of it, for the price of one. */
  isPresent(conversation: string, device: Pick<PresentDevice, "user" | "device">): Promise<boolean>
  /**
   * Calls `listener` for a device whose last connection went with its node, which died without a word. Of all
   * engines of one store one is told, within seconds.
   * @returns stops it.
   */
  onGone(listener: (conversation: string, device: PresentDevice) => void): () => void
  /**
   * Calls `listener` for a device of this engine that is here again for the others, or at last: the engine was out of
   * touch, and they took it for gone or have never heard of it.
   * @returns stops it.
   */
  onBack(listener: (conversation: string, device: PresentDevice) => void): () => void
}
