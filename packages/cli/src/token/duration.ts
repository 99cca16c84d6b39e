/** Times as people type them: `90s`, `15m`, `1h`, `7d`. */

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** @returns milliseconds, or `undefined` if the text is not a time. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text)
  const ms = match ? Number(match[1]) * (unitMs[match[2] ?? ""] ?? 0) : 0
  return ms > 0 ? ms : undefined
}
