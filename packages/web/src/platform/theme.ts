/** How the app looks: as the system says, or as was chosen. The style sheet does the rest. */
import type { Keep } from "./keep.ts"
import { preference } from "./preference.ts"
import type { Store } from "./store.ts"

export const themes = ["system", "light", "dark", "contrast"] as const
export type Theme = (typeof themes)[number]

export function themeStore(keep: Keep): Store<Theme> {
  return preference(keep, "theme", themes, "system")
}

/** Tells the style sheet, now and at each change. */
export function showTheme(theme: Store<Theme>, root: HTMLElement): void {
  const show = () => {
    root.dataset["theme"] = theme.snapshot()
  }
  show()
  theme.subscribe(show)
}
