/** Times as people read them, in their language and where they are. */
import type { Language } from "../i18n/language.ts"

const locales: Readonly<Record<Language, string>> = { en: "en-GB", zh: "zh-CN" }
const dayMs = 86_400_000

/** Wherever people are, no day begins in the middle of one. */
const quarterMs = 900_000
/** A long conversation asks for each of its messages again with every word that is said. */
const days = new Map<number, string>()
const daysMax = 10_000

/** @returns a word for the day that a time belongs to, the same for all of that day. */
export function dayOf(time: number): string {
  const quarter = Math.floor(time / quarterMs)
  const known = days.get(quarter)
  if (known !== undefined) return known
  if (days.size >= daysMax) days.clear()
  const day = new Date(time).toDateString()
  days.set(quarter, day)
  return day
}

export interface DayWords {
  readonly today: string
  readonly yesterday: string
}

export function dayText(time: number, now: number, language: Language, words: DayWords): string {
  if (dayOf(time) === dayOf(now)) return words.today
  if (dayOf(time) === dayOf(now - dayMs)) return words.yesterday
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  const year: Intl.DateTimeFormatOptions = isThisYear ? {} : { year: "numeric" }
  const options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "long", ...year }
  return new Intl.DateTimeFormat(locales[language], options).format(time)
}

export function clockText(time: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { hour: "2-digit", minute: "2-digit" }).format(time)
}

/** For a list: the time of today, the day of all others. */
export function shortText(time: number, now: number, language: Language): string {
  if (dayOf(time) === dayOf(now)) return clockText(time, language)
  return new Intl.DateTimeFormat(locales[language], { day: "numeric", month: "short" }).format(time)
}

export function fullText(time: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: "full", timeStyle: "short" }).format(time)
}

/** What is left of a time, such as `1:05` or `2:00:00`. */
export function remainingText(remainingMs: number): string {
  const seconds = Math.max(0, Math.ceil(remainingMs / 1_000))
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (part: number) => String(part).padStart(2, "0")
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
