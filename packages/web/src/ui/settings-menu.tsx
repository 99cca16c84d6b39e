/** The button of the settings. */
import { useTexts } from "../hooks/use-texts.ts"
import { lazyParts } from "./lazy-parts.ts"
import { MenuButton } from "./menu-button.tsx"

export function SettingsMenu({ signOut }: { readonly signOut?: () => void }) {
  const { settings } = useTexts()
  const { SettingsChoices } = lazyParts
  return (
    <MenuButton
      button={{ icon: "gear", label: settings.label }}
      menu={(trigger) => <SettingsChoices trigger={trigger} signOut={signOut} />}
    />
  )
}
