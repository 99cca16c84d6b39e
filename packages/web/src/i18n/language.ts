/** The language of the app: the browser's, or the one that was chosen. */
import type { Keep } from "../platform/keep.ts"
import { preference } from "../platform/preference.ts"
import type { Store } from "../platform/store.ts"
import { en, type Texts } from "./en.ts"
import { zh } from "./zh.ts"

export const languages = ["en", "zh"] as const
export type Language = (typeof languages)[number]

export const textsOf: Readonly<Record<Language, Texts>> = { en, zh }

/** What a page says of itself, for screen readers and the choice of glyphs. */
export const htmlLanguages: Readonly<Record<Language, string>> = { en: "en", zh: "zh-Hans" }

/** @param wanted the browser's languages, the most wanted first. */
export function languageFor(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.toLowerCase().split("-", 1)[0])
  return languages.find((language) => language === known.find((tag) => tag === "en" || tag === "zh")) ?? "en"
}

export function languageStore(keep: Keep, wanted: readonly string[]): Store<Language> {
  return preference(keep, "language", languages, languageFor(wanted))
}
