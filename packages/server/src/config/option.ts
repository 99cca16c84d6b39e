/**
 * What an option is: how its value is read, what it is when nobody says anything, and how it is explained.
 *
 * One table of these (`options.ts`) is the only source of the file's keys, the environment, the flags,
 * `--help`, the JSON Schema and docs/config.md.
 */

/** A kind of value: reads what a file, the environment or a flag says. */
export interface Kind<T> {
  /** Completes "must be …", with the range. */
  readonly expects: Words
  /** As JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>
  /** @returns the value, or `undefined` if the input is not one. The environment and flags give strings. */
  parse(input: unknown): T | undefined
}

export interface Words {
  readonly en: string
  readonly zh: string
}

export interface OptionTexts extends Words {
  /** The environment variable, where it is not the derived one. */
  readonly env?: string
  /** The flag without dashes, where it is not the derived one. */
  readonly flag?: string
  readonly unit?: Words
  /** Never printed; and not a flag unless it has one by name, because `ps` shows flags to everyone on the machine. */
  readonly secret?: boolean
  /** Accepted for the sake of files that have it; what to say, once at start, if it is set. */
  readonly withoutEffect?: Words
}

export interface Option<T> extends OptionTexts {
  readonly kind: Kind<Exclude<T, undefined>>
  readonly fallback: T
}

/** An option with a default. */
export function option<T>(kind: Kind<T>, fallback: NoInfer<T>, texts: OptionTexts): Option<T> {
  return { kind: kind as Kind<Exclude<T, undefined>>, fallback, ...texts }
}

/** An option that is unset unless somebody sets it. */
export function unset<T>(kind: Kind<T>, texts: OptionTexts): Option<T | undefined> {
  return { kind: kind as Kind<Exclude<T, undefined>>, fallback: undefined, ...texts }
}

/** `websocket.max_message_size` is `EVERTHREAD_WEBSOCKET_MAX_MESSAGE_SIZE`, unless the table says otherwise. */
export function envOf(path: string, texts: OptionTexts): string {
  return texts.env ?? `EVERTHREAD_${path.replaceAll(".", "_").toUpperCase()}`
}

/** `websocket.max_message_size` is `--websocket-max-message-size`, unless the table says otherwise. */
export function flagOf(path: string, texts: OptionTexts): string | undefined {
  return texts.flag ?? (texts.secret ? undefined : path.replaceAll(/[._]/g, "-"))
}
