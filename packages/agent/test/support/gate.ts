/** A point that a graph reaches and a test lets it pass: instead of sleeping. */
export class Gate {
  readonly reached: Promise<void>
  #reach: () => void = () => {}
  #open: () => void = () => {}
  readonly #opened: Promise<void>

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#reach = resolve
    })
    this.#opened = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  async pass(): Promise<void> {
    this.#reach()
    await this.#opened
  }

  open(): void {
    this.#open()
  }
}
