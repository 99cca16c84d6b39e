/** What went wrong and a person has to know, for as long as it takes to read it. */
import { RequestError } from "@everthread/client"
import type { Clock } from "@everthread/protocol"
import { createStore, type Readable } from "../platform/store.ts"

const shownMs = 8_000

export interface Notices extends Readable<string | undefined> {
  tell(text: string): void
  /** Tells what a promise was rejected with, if it is. */
  watch(promise: Promise<unknown>): void
}

export function createNotices(clock: Clock, wordsFor: (reason: string) => string): Notices {
  const store = createStore<string | undefined>(undefined)
  const tell = (text: string) => {
    store.set(text)
    clock.startTimer(shownMs, () => {
      if (store.snapshot() === text) store.set(undefined)
    })
  }
  return {
    snapshot: store.snapshot,
    subscribe: store.subscribe,
    tell,
    watch(promise) {
      promise.catch((error: unknown) => tell(wordsFor(reasonOf(error))))
    },
  }
}

/** @returns what a person can do something with. */
export function reasonOf(error: unknown): string {
  if (error instanceof RequestError) return error.error.message
  return error instanceof Error ? error.message : String(error)
}
