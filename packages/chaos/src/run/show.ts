/** What is shown of a run while it goes on: one line on a terminal that is written anew, nothing of that in a file. */
export interface Show {
  progress(text: string): void
  line(text: string): void
}

export function showOn(out: NodeJS.WriteStream): Show {
  const clear = out.isTTY ? "\r\u001b[K" : ""
  return {
    progress(text) {
      if (out.isTTY) out.write(`${clear}${text.slice(0, out.columns - 1)}`)
    },
    line: (text) => void out.write(`${clear}${text}\n`),
  }
}

const grouped = new Intl.NumberFormat("en")
export const counted = (count: number): string => grouped.format(count)

export const plural = (count: number, word: string): string => `${counted(count)} ${word}${count === 1 ? "" : "s"}`

export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}
