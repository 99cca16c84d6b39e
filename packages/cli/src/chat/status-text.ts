/** The connection in words. */
import type { ConnectionState, ConversationView } from "@everthread/client"
import type { ChatTexts } from "./texts.ts"

export function statusText(view: ConversationView, connection: ConnectionState, texts: ChatTexts): string {
  switch (view.status) {
    case "connecting":
      return texts.connecting
    case "catching-up":
      return texts.catchingUp
    case "live":
      return texts.live
    case "offline":
    case "unauthorized":
    case "closed":
      return view.error ? texts.closed(view.error.message) : connectionText(connection, texts)
  }
}

export function connectionText(connection: ConnectionState, texts: ChatTexts): string {
  switch (connection.name) {
    case "waiting":
      return texts.offline((connection.delayMs / 1000).toFixed(1), connection.reason)
    case "unauthorized":
      return texts.unauthorized(connection.reason)
    case "closed":
      return texts.closed(connection.reason)
    case "open":
      return texts.connected
    default:
      return texts.connecting
  }
}
