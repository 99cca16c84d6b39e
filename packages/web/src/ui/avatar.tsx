/** Who it is, at a glance: the first letter on a colour of one's own. Silent, because the name stands beside it. */
import { hueOf } from "../model/hue.ts"
import { Icon } from "./icon.tsx"

interface AvatarProps {
  readonly name: string
  readonly kind?: "person" | "agent"
  readonly isHere?: boolean
  readonly isSmall?: boolean
}

export function Avatar({ name, kind = "person", isHere = false, isSmall = false }: AvatarProps) {
  const size = isSmall ? "size-6 text-xs" : "size-8 text-sm"
  const hue = hueOf(name)
  const colour = { backgroundColor: `oklch(0.5 0.13 ${hue})` }
  const agent = kind === "agent"
  return (
    <span aria-hidden="true" className="relative inline-flex shrink-0">
      <span
        className={`${size} inline-flex items-center justify-center rounded-full font-semibold select-none ${agent ? "bg-accent text-on-accent" : "text-white"}`}
        style={agent ? undefined : colour}
      >
        {agent ? <Icon name="agent" className={isSmall ? "size-4" : "size-5"} /> : [...name][0]?.toUpperCase()}
      </span>
      {isHere && <span className="absolute -right-0.5 -bottom-0.5 size-3 rounded-full border-2 border-canvas bg-ok" />}
    </span>
  )
}
