/** The operations, from the columns in which they came. */

export const outcomeNames = ["ok", "refused", "unknown"]

export function operationsOf(columns) {
  const { gapMs, tookMs, device, kind, outcome, node, code, conversation } = columns
  const fromMs = new Float64Array(gapMs.length)
  let at = 0
  for (let index = 0; index < gapMs.length; index++) {
    at += gapMs[index]
    fromMs[index] = at
  }
  const firstToken = columns.kinds.indexOf("first token")
  const { devices, kinds, nodes, codes, conversations } = columns
  const operations = { fromMs, tookMs, device, kind, outcome, node, code, conversation }
  return { ...operations, devices, kinds, nodes, codes, conversations, firstToken, count: fromMs.length }
}

/** @returns the first that was asked for at this moment or later. */
export function firstFrom({ fromMs, count }, ms) {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (fromMs[middle] < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** Calls `each` with the index of every operation that was asked for within the part. */
export function eachWithin(operations, { from, to }, each) {
  for (let index = firstFrom(operations, from); index < operations.count; index++) {
    if (operations.fromMs[index] > to) return
    each(index)
  }
}

/** @returns the p-quantile of a sorted list. */
export const quantile = (sorted, p) => sorted[Math.max(Math.ceil(p * sorted.length) - 1, 0)]
