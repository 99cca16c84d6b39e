/** Whether there is room for both halves of the app: the style sheet's `md`. */
import { useSyncExternalStore } from "react"

const wide = () => matchMedia("(min-width: 48rem)")

function subscribe(listener: () => void): () => void {
  const query = wide()
  query.addEventListener("change", listener)
  return () => query.removeEventListener("change", listener)
}

export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide().matches)
}
