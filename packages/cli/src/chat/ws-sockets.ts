/** Sockets of the `ws` package: Node 20 has no WebSocket of its own. */
import { type SocketFactory, socketsOf } from "@everthread/client"
import WebSocket from "ws"

/** How long a server may take to say goodbye before the program ends without it. */
const goodbyeMs = 1_000

class QuickWebSocket extends WebSocket {
  override close(): void {
    super.close()
    const timer = setTimeout(() => this.terminate(), goodbyeMs)
    this.once("close", () => clearTimeout(timer))
  }
}

export const wsSockets: SocketFactory = socketsOf(QuickWebSocket)
