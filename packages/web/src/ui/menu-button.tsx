/**
 * A button that opens a menu. The menu itself is made, and its code loaded, when somebody wants it first: there is one at
 * every message, and hardly any is ever opened.
 */
import { type ReactElement, type ReactNode, Suspense, useState } from "react"
import { IconButton, type IconButtonProps } from "./button.tsx"

interface MenuButtonProps {
  readonly button: IconButtonProps
  /** The menu around its button, open. */
  menu(trigger: ReactElement): ReactNode
}

export function MenuButton({ button, menu }: MenuButtonProps) {
  const [isWanted, setWanted] = useState(false)
  const closed = <IconButton {...button} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} />
  return isWanted ? <Suspense fallback={closed}>{menu(<IconButton {...button} />)}</Suspense> : closed
}
