/** What is shown while it runs: one line on a terminal, nothing in a file. */
export interface Show {
  progress(text: string): void
  line(text: string): void
}

export function showOn(out: NodeJS.WriteStream): Show {
  const clear = out.isTTY ? "\r\u001b[K" : ""
  return {
    progress(text) {
      if (out.isTTY) out.write(`${clear}${text}`)
    },
    line: (text) => void out.write(`${clear}${text}\n`),
  }
}

const grouped = new Intl.NumberFormat("en")
export const counted = (count: number): string => grouped.format(count)
