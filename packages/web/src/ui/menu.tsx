/**
 * A menu below a button: Base UI's, in this app's clothes. It is made open, because nobody makes one before it is wanted:
 * see `menu-button.tsx`.
 */
import { Menu as BaseMenu } from "@base-ui/react/menu"
import type { ReactElement, ReactNode } from "react"
import { Icon, type IconName } from "./icon.tsx"

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly children: ReactNode
}

export function Menu({ trigger, children }: MenuProps) {
  return (
    <BaseMenu.Root defaultOpen>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="z-40" sideOffset={4} align="end">
          <BaseMenu.Popup className="popup min-w-44 rounded-xl border border-line bg-raised p-1 shadow-xl outline-none">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

const itemClass =
  "flex min-h-9 w-full items-center gap-2 rounded-lg px-2.5 text-sm outline-none select-none data-highlighted:bg-tint"

interface MenuItemProps {
  readonly icon?: IconName
  readonly isDangerous?: boolean
  readonly children: ReactNode
  act(): void
}

export function MenuItem({ icon, isDangerous = false, children, act }: MenuItemProps) {
  return (
    <BaseMenu.Item className={`${itemClass} ${isDangerous ? "text-danger" : ""}`} onClick={act}>
      {icon && <Icon name={icon} className="size-4" />}
      {children}
    </BaseMenu.Item>
  )
}

interface MenuChoiceProps<W extends string> {
  readonly label: string
  readonly value: W
  readonly words: Readonly<Record<W, string>>
  choose(word: W): void
}

/** One of a few: a part of a menu. */
export function MenuChoice<W extends string>({ label, value, words, choose }: MenuChoiceProps<W>) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-medium text-faint">{label}</BaseMenu.GroupLabel>
      <BaseMenu.RadioGroup value={value} onValueChange={choose}>
        {(Object.entries(words) as [W, string][]).map(([word, text]) => (
          <BaseMenu.RadioItem key={word} value={word} closeOnClick={false} className={itemClass}>
            <span className="flex size-4 items-center">
              <BaseMenu.RadioItemIndicator>
                <Icon name="check" className="size-4" />
              </BaseMenu.RadioItemIndicator>
            </span>
            {text}
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.RadioGroup>
    </BaseMenu.Group>
  )
}

export function MenuLine() {
  return <BaseMenu.Separator className="my-1 h-px bg-line" />
}
