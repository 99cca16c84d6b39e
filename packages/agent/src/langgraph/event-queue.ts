/**
 * What one side says and the other reads later, in order; whoever says it waits for nobody.
 *
 * An error comes after everything that was said before it. One reader, who asks for one thing at a time.
 */
export class EventQueue<T extends object> implements AsyncIterable<T>, AsyncIterator<T, undefined> {
  readonly #waiting: T[] = []
  #end: { readonly error?: unknown } | undefined
  #reader: { resolve(result: IteratorResult<T, undefined>): void; reject(error: unknown): void } | undefined

  push(item: T): void {
    if (this.#reader) this.#answer({ done: false, value: item })
    else this.#waiting.push(item)
  }

  end(): void {
    this.#end = {}
    this.#answer({ done: true, value: undefined })
  }

  fail(error: unknown): void {
    this.#end = { error }
    this.#reader?.reject(error)
    this.#reader = undefined
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** One promise for each, where `async` would make several: every token passes here. */
  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#waiting.shift()
    if (item !== undefined) return Promise.resolve({ done: false, value: item })
    if (!this.#end) return this.#later()
    return "error" in this.#end ? Promise.reject(this.#end.error) : Promise.resolve({ done: true, value: undefined })
  }

  #later(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  #answer(result: IteratorResult<T, undefined>): void {
    const reader = this.#reader
    this.#reader = undefined
    reader?.resolve(result)
  }
}
