/** Log lines that are kept instead of written over the display, the newest of them only. */

const linesMax = 20

export class Complaints {
  #lines: string[] = []

  write(text: string): void {
    const lines = text.split("\n").filter((line) => line.trim() !== "")
    this.#lines = [...this.#lines, ...lines].slice(-linesMax)
  }

  text(): string {
    return this.#lines.join("\n")
  }
}
