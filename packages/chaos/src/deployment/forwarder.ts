/** A way to a server that can be made to lead to another one, as a changed DNS name or a moved address does. */
import { FaultLink } from "./fault-link.ts"

export class Forwarder {
  readonly #link: FaultLink
  readonly #at: { target: number }

  private constructor(link: FaultLink, at: { target: number }) {
    this.#link = link
    this.#at = at
  }

  static async start(target: number): Promise<Forwarder> {
    const at = { target }
    return new Forwarder(await FaultLink.start(() => at.target), at)
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#link.port}`
  }

  /** What is connected is cut off; whoever comes again gets there. */
  leadTo(target: number): void {
    this.#at.target = target
    this.#link.cut()
  }

  close(): Promise<void> {
    return this.#link.close()
  }
}
