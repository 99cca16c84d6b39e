/**
 * The one thing the client needs from a network: a socket that carries texts in order.
 *
 * After `closed` nothing else is reported. The client drops a socket by forgetting it and calling
 * `close`, so a socket that closes late or never harms nobody.
 */

export interface SocketHandlers {
  opened(): void
  received(text: string): void
  closed(code: number, reason: string): void
}

export interface ClientSocket {
  send(text: string): void
  close(): void
}

export type SocketFactory = (url: string, handlers: SocketHandlers) => ClientSocket

/** What this needs of the WHATWG WebSocket: browsers, Node 22, and the `ws` package all have it. */
export interface WebSocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(): void
}

/** @returns a factory over a WebSocket class: the platform's own, or that of the `ws` package. */
export function socketsOf(WebSocketClass: new (url: string) => WebSocketLike): SocketFactory {
  return (url, handlers) => {
    const socket = new WebSocketClass(url)
    socket.onopen = () => handlers.opened()
    socket.onmessage = (event: { data: unknown }) => {
      if (typeof event.data === "string") handlers.received(event.data)
    }
    socket.onclose = (event: { code: number; reason: string }) => handlers.closed(event.code, event.reason)
    // Every error is followed by a close, which says the same with a code.
    socket.onerror = () => {}
    return socket
  }
}

/** The platform's own WebSocket. */
export const platformSocket: SocketFactory = (url, handlers) => {
  const found = (globalThis as { WebSocket?: new (url: string) => WebSocketLike }).WebSocket
  if (!found) {
    throw new Error(
      "There is no global WebSocket here: pass `socket: socketsOf(WebSocket)` with the one of the ws package",
    )
  }
  return socketsOf(found)(url, handlers)
}
