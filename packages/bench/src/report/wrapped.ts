/** @returns the words in lines no longer than that many letters, or than the longest word. */
export function wrapped(text: string, width: number): string[] {
  const words = text.split(" ")
  const room = Math.max(width, ...words.map((word) => word.length))
  const lines: string[] = []
  let line = ""
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`
    if (longer.length > room) lines.push(line)
    line = longer.length > room ? word : longer
  }
  return [...lines, line]
}
