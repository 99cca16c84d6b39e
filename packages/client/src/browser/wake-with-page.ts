/** Tries again at once when there is reason to believe that it works now, instead of when the next wait is over. */
import type { Client } from "../client.ts"

/** @returns stops it. */
export function wakeWithPage(client: Pick<Client, "wake">, page: Window & typeof globalThis = window): () => void {
  const online = () => client.wake()
  const seen = () => {
    if (page.document.visibilityState === "visible") client.wake()
  }
  page.addEventListener("online", online)
  page.document.addEventListener("visibilitychange", seen)
  return () => {
    page.removeEventListener("online", online)
    page.document.removeEventListener("visibilitychange", seen)
  }
}
