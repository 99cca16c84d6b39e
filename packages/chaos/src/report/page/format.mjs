/** Numbers and times, as people read them. */

const count = new Intl.NumberFormat("en")

export const formatCount = (value) => count.format(value)

/** A length of time: 8 ms, 1.25 s, 2 min 5 s. */
export function formatMs(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(2)} s`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A moment since the run began: 0:07, or 0:07.250 where that matters. */
export function formatAt(ms, exactMs = 1_000) {
  const minutes = Math.floor(ms / 60_000)
  const seconds = (ms - minutes * 60_000) / 1_000
  const digits = exactMs >= 1_000 ? 0 : exactMs >= 100 ? 1 : 3
  const shown = Math.floor(seconds * 10 ** digits + 1e-6) / 10 ** digits
  return `${minutes}:${shown.toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0")}`
}
