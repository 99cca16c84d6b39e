/** The menu of what is to become of a message while the agent is at work. */
import type { WhenBusy } from "@everthread/client"
import type { ReactElement } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { Menu, MenuChoice } from "../ui/menu.tsx"

interface WhenBusyChoicesProps {
  readonly trigger: ReactElement
  readonly value: WhenBusy
  choose(value: WhenBusy): void
}

export default function WhenBusyChoices({ trigger, value, choose }: WhenBusyChoicesProps) {
  const { compose } = useTexts()
  return (
    <Menu trigger={trigger}>
      <MenuChoice label={compose.whenBusy} value={value} words={compose.policies} choose={choose} />
    </Menu>
  )
}
