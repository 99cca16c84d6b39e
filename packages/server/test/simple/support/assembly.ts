/** What a client that shows an answer as it comes does with the frames: in the units of the protocol's `at`. */
import type { Frame } from "./simple-client.ts"

export class Assembly {
  readonly #shown = new Map<string, string>()

  take(frame: Frame): void {
    const id = String(frame["message_id"])
    const at = Number(frame["at"])
    if (frame.type === "text") this.#shown.set(id, String(frame["content"]))
    if (frame.type === "delta") this.#shown.set(id, this.get(id).slice(0, at) + String(frame["content"]))
    if (frame.type === "rewind") this.#shown.set(id, this.get(id).slice(0, at))
  }

  get(id: string): string {
    return this.#shown.get(id) ?? ""
  }

  /** Everything that is not taken back. */
  get all(): Record<string, string> {
    return Object.fromEntries([...this.#shown].filter(([, text]) => text !== ""))
  }
}
