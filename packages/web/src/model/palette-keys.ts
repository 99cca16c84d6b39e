/** Moves through a list with the keyboard, from its end to its beginning. */
export function movedBy(key: string, index: number, length: number): number {
  if (length === 0) return 0
  if (key === "ArrowDown") return (index + 1) % length
  if (key === "ArrowUp") return (index - 1 + length) % length
  return Math.min(index, length - 1)
}
