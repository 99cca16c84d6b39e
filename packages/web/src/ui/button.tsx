/** Buttons: with words, or with a picture and a name. Each passes on whatever a button takes, its ref included. */
import type { ComponentProps } from "react"
import { Icon, type IconName } from "./icon.tsx"

const looks = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  plain: "border border-line bg-raised hover:bg-tint",
  quiet: "text-faint hover:bg-tint hover:text-ink",
  danger: "border border-danger text-danger hover:bg-danger hover:text-canvas",
} as const

type ButtonProps = ComponentProps<"button"> & { readonly look?: keyof typeof looks }

export function Button({ look = "plain", className = "", ...rest }: ButtonProps) {
  const shape = "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-lg px-3 py-1 text-sm font-medium"
  return <button type="button" className={`${shape} disabled:opacity-50 ${looks[look]} ${className}`} {...rest} />
}

export type IconButtonProps = Omit<ButtonProps, "children"> & {
  readonly icon: IconName
  /** What it does, in words. */
  readonly label: string
  readonly iconClassName?: string
  /** Beside a line of text. */
  readonly isSmall?: boolean
}

export function IconButton(props: IconButtonProps) {
  const { icon, label, look = "quiet", className = "", iconClassName, isSmall = false, ...rest } = props
  // One size alone: of two, the style sheet's order decides, and not the caller.
  const shape = `inline-flex ${isSmall ? "size-7" : "size-9"} shrink-0 items-center justify-center rounded-lg`
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`${shape} disabled:opacity-50 ${looks[look]} ${className}`}
      {...rest}
    >
      <Icon name={icon} {...(iconClassName === undefined ? {} : { className: iconClassName })} />
    </button>
  )
}
