/**
 * Tries again at once when there is reason to believe that it works now, instead of when the next wait is over; and asks
 * whether it still works when there is reason to doubt it: a socket whose network is gone stays open and says nothing.
 */
import type { Client } from "../client.ts"

/** @returns stops it. */
export function wakeWithPage(
  client: Pick<Client, "wake" | "doubt">,
  page: Window & typeof globalThis = window,
): () => void {
  const online = () => client.wake()
  const offline = () => client.doubt()
  const seen = () => {
    if (page.document.visibilityState === "visible") client.wake()
  }
  page.addEventListener("online", online)
  page.addEventListener("offline", offline)
  page.document.addEventListener("visibilitychange", seen)
  return () => {
    page.removeEventListener("online", online)
    page.removeEventListener("offline", offline)
    page.document.removeEventListener("visibilitychange", seen)
  }
}
