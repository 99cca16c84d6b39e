/** What a promise of the client may be rejected with. */
import type { ReceivedError } from "./frames.ts"

/** The server refused the request: `error.code` says why, from the protocol's table of errors. */
export class RequestError extends Error {
  override readonly name = "RequestError"
  readonly error: ReceivedError

  constructor(error: ReceivedError) {
    super(error.message)
    this.error = error
  }
}

/** The connection ended before the answer came; whether the server has acted is not known. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost"
}

/** No answer came in time. */
export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded"
}

/** Too many writes wait for their acks already; this one was not taken. */
export class OutboxFull extends Error {
  override readonly name = "OutboxFull"
}

/** The client, or this conversation, was closed. */
export class ClientClosed extends Error {
  override readonly name = "ClientClosed"
}

/** A reader of `events()` fell too far behind; start a new one from `snapshot()`. */
export class ReaderTooSlow extends Error {
  override readonly name = "ReaderTooSlow"
}
