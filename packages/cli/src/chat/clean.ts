/**
 * Text of others, made safe to write to a terminal.
 *
 * A terminal obeys control characters: a message could move the cursor, forge lines or change the
 * window's title. So could characters that turn the direction of writing around.
 */

/** Keeps line breaks and tabs; every other control character becomes visible and harmless. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\p{Cc}/gu, (char) => (char === "\n" || char === "\t" ? char : "\u{fffd}"))
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "\u{fffd}")
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return clean(text).replaceAll("\n", "\\n").replaceAll("\t", " ")
}

/** A value as one line of JSON, cut where it gets long. */
export function briefly(value: unknown, charsMax = 200): string {
  const text = cleanLine(typeof value === "string" ? value : (JSON.stringify(value) ?? ""))
  return text.length > charsMax ? `${text.slice(0, charsMax)}…` : text
}
