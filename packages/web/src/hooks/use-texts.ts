/** The language and what it says: it may change at any moment, without a reload. */
import { createContext, useContext } from "react"
import type { Texts } from "../i18n/en.ts"
import { type Language, textsOf } from "../i18n/language.ts"
import type { DeveloperView } from "../platform/developer.ts"
import type { Store } from "../platform/store.ts"
import type { Theme } from "../platform/theme.ts"
import { useStore } from "./use-store.ts"

export interface Preferences {
  readonly language: Store<Language>
  readonly theme: Store<Theme>
  readonly developer: Store<DeveloperView>
}

export const PreferencesContext = createContext<Preferences | undefined>(undefined)

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext)
  if (!preferences) throw new Error("There are no preferences here.")
  return preferences
}

export function useLanguage(): Language {
  return useStore(usePreferences().language)
}

export function useTexts(): Texts {
  return textsOf[useLanguage()]
}
