/** The event loop of a node, which a test holds up and lets go. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { rootFolder } from "../servers/server-folders.ts"
import { until } from "../servers/until.ts"

const preload = new URL("../../agents/preload-hold.mjs", import.meta.url).href

export class NodeHold {
  readonly #file: string

  /** @param node its name. */
  constructor(node: string) {
    this.#file = join(rootFolder(), `hold-of-${node}`)
    writeFileSync(this.#file, "free")
  }

  /** For the environment of the node. */
  get env(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import=${preload}`, EVERTHREAD_TEST_HOLD: this.#file }
  }

  /** Resolves when nothing of the node goes on any more. */
  hold(): Promise<void> {
    return this.#say("held")
  }

  release(): Promise<void> {
    return this.#say("free")
  }

  async #say(word: "held" | "free"): Promise<void> {
    writeFileSync(this.#file, word)
    await until(`an event loop to be ${word}`, async () => readFileSync(`${this.#file}.seen`, "utf8") === word)
  }
}
