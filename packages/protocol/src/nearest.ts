/** Guessing what a person meant by a word that is not in the list. */

/** How many edits apart two words may be and still be called near: a third of the longer one, at least two. */
const editsMax = (a: string, b: string) => Math.max(2, Math.floor(Math.max(a.length, b.length) / 3))

/** Words longer than this are not names of anything here; the cost of comparing grows with their length. */
const wordCharsMax = 64

/** @returns the candidate that is the fewest edits away from the word, or `undefined` if none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > wordCharsMax) return undefined
  let best: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (edits < fewest && edits <= editsMax(word, candidate)) [best, fewest] = [candidate, edits]
  }
  return best
}

/** Levenshtein's distance: how many characters to insert, delete or replace to make one word the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[to.length] as number
}
