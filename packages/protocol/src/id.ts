/** What an id may look like: of a user, a device, a conversation, an idempotency key. */

/**
 * No white space, no control or private characters, no lone surrogates: what can stand in a log line
 * and a key. Not `__proto__` either: ids become keys of objects, in programs that are not ours too.
 */
export const idPattern = /^(?!__proto__$)[^\s\p{C}]+$/u

export interface IdRule {
  readonly holds: (text: string) => boolean
  /** What is wrong where it does not hold. */
  readonly message: string
}

/** @param what `an id`. @returns in the order in which they are to be checked. */
export function idRules(charsMax: number, what: string) {
  return {
    notEmpty: { holds: (text) => text !== "", message: `${what} must not be empty` },
    notLong: { holds: (text) => text.length <= charsMax, message: `${what} may have at most ${charsMax} characters` },
    shape: {
      holds: (text) => idPattern.test(text),
      message: `${what} must have no white space and no control characters, and not be __proto__`,
    },
  } as const satisfies Record<string, IdRule>
}
