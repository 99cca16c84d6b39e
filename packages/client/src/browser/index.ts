/** What only browsers have: an outbox that survives a reload, and one socket for all tabs. */
export { type IndexedDbOutboxOptions, indexedDbOutbox } from "./indexed-db-outbox.ts"
export { type SharedSocketOptions, sharedSocket } from "./shared-socket.ts"
export type { OpenChannel, TabChannel } from "./tab-channel.ts"
export type { TabLocks } from "./tab-locks.ts"
export { wakeWithPage } from "./wake-with-page.ts"
