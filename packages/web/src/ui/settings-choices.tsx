/** The menu of settings: how the app looks, which language it speaks, and the way out. */
import type { ReactElement } from "react"
import { useStore } from "../hooks/use-store.ts"
import { usePreferences, useTexts } from "../hooks/use-texts.ts"
import { textsOf } from "../i18n/language.ts"
import { Menu, MenuChoice, MenuItem, MenuLine } from "./menu.tsx"

const languageNames = { en: textsOf.en.language, zh: textsOf.zh.language }

interface SettingsChoicesProps {
  readonly trigger: ReactElement
  /** Absent where nobody is signed in. */
  readonly signOut?: (() => void) | undefined
}

export default function SettingsChoices({ trigger, signOut }: SettingsChoicesProps) {
  const { settings, signIn } = useTexts()
  const { theme, language, developer } = usePreferences()
  const developerView = useStore(developer)
  return (
    <Menu trigger={trigger}>
      <MenuChoice label={settings.theme} value={useStore(theme)} words={settings.themes} choose={theme.set} />
      <MenuChoice label={settings.language} value={useStore(language)} words={languageNames} choose={language.set} />
      {signOut && (
        <>
          <MenuChoice
            label={settings.developer}
            value={developerView}
            words={settings.developerViews}
            choose={developer.set}
          />
          <MenuLine />
          <MenuItem act={signOut}>{signIn.out}</MenuItem>
        </>
      )}
    </Menu>
  )
}
