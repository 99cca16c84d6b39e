/** What the tabs of one origin hear of each other: the BroadcastChannel API, as far as we need it. */

export interface TabChannel {
  onmessage: ((event: never) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** Opens the channel of that name: whatever one end posts, all other ends hear. */
export type OpenChannel = (name: string) => TabChannel

/** @returns the platform's own channels, if it has any. */
export function platformChannels(): OpenChannel | undefined {
  const { BroadcastChannel } = globalThis as { BroadcastChannel?: new (name: string) => TabChannel }
  return BroadcastChannel && ((name) => new BroadcastChannel(name))
}
