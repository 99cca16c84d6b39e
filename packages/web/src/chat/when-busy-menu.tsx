/** The button of what is to become of a message while the agent is at work; it says what is chosen. */
import type { WhenBusy } from "@everthread/client"
import { useTexts } from "../hooks/use-texts.ts"
import { lazyParts } from "../ui/lazy-parts.ts"
import { MenuButton } from "../ui/menu-button.tsx"

interface WhenBusyMenuProps {
  readonly value: WhenBusy
  choose(value: WhenBusy): void
}

export function WhenBusyMenu({ value, choose }: WhenBusyMenuProps) {
  const { compose } = useTexts()
  const { WhenBusyChoices } = lazyParts
  const label = `${compose.whenBusy}: ${compose.policies[value]}`
  return (
    <MenuButton
      button={{ icon: value === "enqueue" ? "clock" : "fork", label }}
      menu={(trigger) => <WhenBusyChoices trigger={trigger} value={value} choose={choose} />}
    />
  )
}
