/** What one side says and the other reads in its own time; it ends, or fails, behind what was said before. */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #said: T[] = []
  #end: { readonly error: unknown } | "open" | "finished" = "open"
  #wake: (() => void) | undefined

  say(one: T): void {
    this.#said.push(one)
    this.#wake?.()
  }

  finish(): void {
    this.#end = "finished"
    this.#wake?.()
  }

  fail(error: unknown): void {
    this.#end = { error }
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const next = this.#said.shift()
      if (next !== undefined) yield next
      else if (this.#end === "finished") return
      else if (this.#end !== "open") throw this.#end.error
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
