/** An async iterable that is fed from outside. Bounded: a reader that falls too far behind gets `ReaderTooSlow`. */
import { ReaderTooSlow } from "./errors.ts"
import { clientLimits } from "./limits.ts"

interface Reader<T> {
  resolve(result: IteratorResult<T>): void
  reject(error: Error): void
}

export class UpdateStream<T> implements AsyncIterableIterator<T> {
  readonly #ended: (stream: UpdateStream<T>) => void
  #buffer: T[] = []
  #readers: Reader<T>[] = []
  #end: { readonly error: Error | undefined } | undefined

  /** @param ended is called once, when nothing need be pushed any more. */
  constructor(ended: (stream: UpdateStream<T>) => void) {
    this.#ended = ended
  }

  push(value: T): void {
    if (this.#end) return
    const reader = this.#readers.shift()
    if (reader) reader.resolve({ done: false, value })
    else this.#buffer.push(value)
    if (this.#buffer.length <= clientLimits.updatesBufferedMax) return
    this.#buffer = []
    this.end(new ReaderTooSlow(`The reader was more than ${clientLimits.updatesBufferedMax} updates behind`))
  }

  /** Lets the reader have what is buffered, then the error if there is one, then the end. */
  end(error?: Error): void {
    if (this.#end) return
    this.#end = { error }
    this.#ended(this)
    for (const reader of this.#readers.splice(0)) this.#finish(reader)
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      if (this.#buffer.length > 0) resolve({ done: false, value: this.#buffer.shift() as T })
      else if (this.#end) this.#finish({ resolve, reject })
      else this.#readers.push({ resolve, reject })
    })
  }

  async return(): Promise<IteratorResult<T>> {
    this.#buffer = []
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #finish(reader: Reader<T>): void {
    const error = this.#end?.error
    this.#end = { error: undefined }
    if (error) reader.reject(error)
    else reader.resolve({ done: true, value: undefined })
  }
}
