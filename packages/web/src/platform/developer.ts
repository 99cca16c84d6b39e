/** Whether what only developers look for is shown: most people have never heard of a checkpoint. */
import type { Keep } from "./keep.ts"
import { preference } from "./preference.ts"
import type { Store } from "./store.ts"

export const developerViews = ["hidden", "shown"] as const
export type DeveloperView = (typeof developerViews)[number]

export function developerStore(keep: Keep): Store<DeveloperView> {
  return preference(keep, "developer", developerViews, "hidden")
}
