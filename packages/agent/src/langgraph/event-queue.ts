/**
 * What one side says and the other reads later, in order; whoever says it waits for nobody.
 *
 * An error comes after everything that was said before it. One reader, who asks for one thing at a time.
 */
export class EventQueue<T> implements AsyncIterable<T>, AsyncIterator<T, undefined> {
  readonly #waiting: T[] = []
  #end: { readonly error?: unknown } | undefined
  #wake: (() => void) | undefined

  push(item: T): void {
    this.#waiting.push(item)
    this.#wake?.()
  }

  end(): void {
    this.#end ??= {}
    this.#wake?.()
  }

  fail(error: unknown): void {
    this.#end ??= { error }
    this.#wake?.()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting.length === 0 && !this.#end) await this.#something()
    if (this.#waiting.length > 0) return { done: false, value: this.#waiting.shift() as T }
    if (this.#end && "error" in this.#end) throw this.#end.error
    return { done: true, value: undefined }
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
