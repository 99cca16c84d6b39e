/** The value of a store, drawn again when it changes. */
import { useSyncExternalStore } from "react"
import type { Readable } from "../platform/store.ts"

export function useStore<T>({ subscribe, snapshot }: Readable<T>): T {
  return useSyncExternalStore(subscribe, snapshot)
}
