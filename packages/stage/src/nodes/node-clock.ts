/** The wall clock of a node, which a test sets. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { rootFolder } from "../servers/server-folders.ts"
import { until } from "../servers/until.ts"

const preload = new URL("../../agents/preload-clock.mjs", import.meta.url).href

export class NodeClock {
  readonly #file: string

  /** @param node its name. */
  constructor(node: string) {
    this.#file = join(rootFolder(), `clock-of-${node}`)
    writeFileSync(this.#file, "0")
  }

  /** For the environment of the node. */
  get env(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import=${preload}`, EVERTHREAD_TEST_CLOCK: this.#file }
  }

  /** Resolves when the node's clock has jumped. @param offMs how far it is off then, in milliseconds. */
  async jump(offMs: number): Promise<void> {
    writeFileSync(this.#file, String(offMs))
    await until("a clock to jump", async () => readFileSync(`${this.#file}.seen`, "utf8") === String(offMs))
  }
}
