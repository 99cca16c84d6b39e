/**
 * Takes out of an error's message what lets somebody in somewhere: everybody in the conversation reads it. Pure.
 *
 * It knows secrets by how they look, so it rather takes too much. It promises nothing about one that looks like a word.
 */

const hidden = "…"

/** What a message may be long; what comes after is nobody's sentence, and searching it would take its time. */
const charsMax = 4_000

const namesOfSecrets = "pass(?:word|wd)?|pwd|secret|token|api[-_]?key|access[-_]?key|account[-_]?key"

const rules: readonly (readonly [pattern: RegExp, shown: string])[] = [
  // Up to the last @, because a password may hold one. Without an @, what is behind a second colon is no port.
  [/:\/\/\S*@/g, `://${hidden}@`],
  [/(:\/\/[^\s:/[]*:)(?!\d+\b)[^\s/]+/g, `$1${hidden}`],
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, `Bearer ${hidden}`],
  [/\bsk-[\w*-]{4,}/g, hidden],
  [/\beyJ[\w.-]+/g, hidden],
  [new RegExp(`((?:${namesOfSecrets})"?\\s*[=:]\\s*"?)[^\\s"&;,)}]+`, "gi"), `$1${hidden}`],
  // Base64, hexadecimal and the like: long, and with a digit, which words and the names of things seldom have.
  [/(?=[A-Za-z+/_-]*\d)[A-Za-z\d+/_-]{32,}={0,2}/g, hidden],
]

export function withoutSecrets(text: string): string {
  return rules.reduce((shown, [pattern, instead]) => shown.replace(pattern, instead), text.slice(0, charsMax))
}
