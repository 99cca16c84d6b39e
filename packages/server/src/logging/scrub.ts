/**
 * Keeps secrets out of log lines, wherever in the line they stand. (SPEC CFG3)
 *
 * Fields of telling names are replaced by pino; this is for what is left: a token inside an error's
 * text or a URL, a secret of the configuration inside a library's message.
 */

/** Names of fields whose values are never logged, at the top of a line and one level below. */
const secretFields = ["token", "secret", "password", "authorization", "cookie", "sec-websocket-protocol"]

export const redactPaths: string[] = secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])

export const censor = "[redacted]"

/** What every JWT looks like: three base64url parts, the first one JSON that begins with `{"`. */
const jwtPattern = /eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g

/** @returns replaces tokens and the given secrets in a line of JSON. */
export function createScrubber(secrets: readonly string[]): (line: string) => string {
  const literal = secrets.filter((secret) => secret !== "").map((secret) => JSON.stringify(secret).slice(1, -1))
  return (line) =>
    literal.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, censor), line.replaceAll(jwtPattern, censor))
}
