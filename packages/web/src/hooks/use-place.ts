/** The conversation that the address names. */
import { useSyncExternalStore } from "react"
import { conversationIn } from "../model/place.ts"

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener)
  return () => removeEventListener("hashchange", listener)
}

export function usePlace(): string | undefined {
  return useSyncExternalStore(subscribe, () => conversationIn(location.hash))
}
