/**
 * The port of one WebSocket: bytes out, events in. Production passes a real one, tests and the
 * simulation pass their own.
 */

export interface Socket {
  /** Bytes that were written and that the network has not taken yet. */
  readonly pendingBytes: number
  /** All bytes that were received, framing included. */
  readonly receivedBytes: number
  /** Hands complete WebSocket frames to the network, in one write. */
  write(frames: readonly Uint8Array[]): void
  /** Says goodbye and closes; what was written before still goes out. */
  close(code: number, reason: string): void
  /** Closes at once. */
  destroy(): void
  /** Stops and starts reading: how a peer that sends faster than it is served is slowed down. */
  pause(): void
  resume(): void
}

/** What a socket tells its connection. */
export interface SocketEvents {
  text(text: string): void
  /** A message that is not text; this protocol has none. */
  binary(): void
  /** The peer answered a ping; `bytes` is the size of the whole frame. */
  pong(payload: string, bytes: number): void
  ping(bytes: number): void
  /** Everything written so far was taken by the network. */
  drained(): void
  /** What is being received is no message at all. */
  broken(message: string): void
  /** The message being received is larger than allowed. */
  tooLarge(): void
  closed(): void
}
