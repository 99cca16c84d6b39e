/**
 * Requests that wait for their replies.
 *
 * A read is safe to repeat: it survives the loss of a connection and is asked again on the next one,
 * until its deadline. Everything else is rejected with `ConnectionLost`, and whoever asked decides.
 * What is stored goes through the outbox, which asks here once per connection.
 */
import type { Clock, DownFrameOf, ResultOf, Timer, UpFrame, UpFrameType } from "@everthread/protocol"
import { ConnectionLost, DeadlineExceeded, RequestError } from "./errors.ts"
import type { ReadType, Unnumbered } from "./frames.ts"
import { clientLimits } from "./limits.ts"

/** The frames that get a reply with a result. */
export type RequestType = Exclude<UpFrameType, "hello" | "typing" | "ping">

interface Pending {
  readonly frame: UpFrame
  readonly repeatable: boolean
  readonly timer: Timer
  answered(): void
  resolve(result: unknown): void
  reject(error: Error): void
}

export interface RequestsOptions {
  readonly clock: Clock
  nextId(): number
  /** @returns `false` if there is no open connection. */
  send(frame: UpFrame): boolean
}

export class Requests {
  readonly #options: RequestsOptions
  readonly #pending = new Map<number, Pending>()

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  /**
   * Asks once, on the present connection.
   * @param answered is called in the very turn in which the result comes: a promise tells of it only
   *   after the frames that came with it.
   */
  ask<T extends RequestType>(frame: Unnumbered<T>, answered = () => {}): Promise<ResultOf<T>> {
    return this.#ask<T>(frame, false, answered)
  }

  /** Asks now or as soon as there is a connection, and again after each loss of one. */
  read<T extends ReadType>(frame: Unnumbered<T>): Promise<ResultOf<T>> {
    return this.#ask<T>(frame, true, () => {})
  }

  /** A reply has come. One to nothing that waits, such as a probe's, is nobody's. */
  settle(reply: DownFrameOf<"ok"> | DownFrameOf<"error">): void {
    const pending = reply.id === undefined ? undefined : this.#take(reply.id)
    if (reply.type === "error") pending?.reject(new RequestError(reply.error))
    else {
      pending?.answered()
      pending?.resolve(reply.result)
    }
  }

  /** A connection is open: asks again what is safe to ask again. What else waits was asked on this very connection. */
  opened(): void {
    for (const { frame, repeatable } of this.#pending.values()) if (repeatable) this.#options.send(frame)
  }

  /** The connection is gone. */
  lost(): void {
    for (const [id, { repeatable }] of [...this.#pending]) {
      if (!repeatable) this.#take(id)?.reject(new ConnectionLost("The connection was lost before the answer came"))
    }
  }

  /** Gives everything up. */
  close(error: Error): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error)
  }

  #ask<T extends RequestType>(frame: Unnumbered<T>, repeatable: boolean, answered: () => void): Promise<ResultOf<T>> {
    const id = this.#options.nextId()
    const numbered = { ...frame, id } as unknown as UpFrame
    if (!this.#options.send(numbered) && !repeatable) {
      return Promise.reject(new ConnectionLost("There is no connection at the moment"))
    }
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.startTimer(clientLimits.requestDeadlineMs, () => this.#expire(id))
      this.#pending.set(id, {
        frame: numbered,
        repeatable,
        timer,
        answered,
        resolve: resolve as (result: unknown) => void,
        reject,
      })
    })
  }

  #expire(id: number): void {
    const pending = this.#take(id)
    pending?.reject(new DeadlineExceeded(`No answer to ${pending.frame.type} came in time`))
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (pending) this.#options.clock.stopTimer(pending.timer)
    return pending
  }
}
