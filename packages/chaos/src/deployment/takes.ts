/** Who has what of a deployment: nothing is harmed by two at once, and who has the whole store has every server of it. */
const wholeStore = "store"

export class Takes {
  readonly #servers: ReadonlySet<string>
  readonly #taken = new Set<string>()

  /** @param servers names of the store's servers. */
  constructor(servers: Iterable<string>) {
    this.#servers = new Set(servers)
  }

  /** @returns gives it back; `undefined` where somebody has it. */
  take(target: string): (() => void) | undefined {
    if (this.#conflicts(target)) return undefined
    this.#taken.add(target)
    return () => void this.#taken.delete(target)
  }

  #conflicts(target: string): boolean {
    if (this.#taken.has(target)) return true
    if (target === wholeStore) return [...this.#servers].some((server) => this.#taken.has(server))
    return this.#servers.has(target) && this.#taken.has(wholeStore)
  }
}
