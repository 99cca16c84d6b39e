/**
 * The contract suite: an implementation of the ports is done when it passes.
 *
 * Call `engineContract` in a test file of the implementation. It uses vitest and fast-check, knows nothing of how the
 * engine stores anything, and never assumes that what was asked is done before it was answered.
 */
import { describe } from "vitest"
import { announcementsContract } from "./announcements.ts"
import { clockContract } from "./clock.ts"
import { closingContract } from "./closing.ts"
import { directoryContract } from "./directory.ts"
import { effectsContract } from "./effects.ts"
import { leasesContract } from "./leases.ts"
import { logAppendContract } from "./log-append.ts"
import { logArchiveContract } from "./log-archive.ts"
import { logCompactContract } from "./log-compact.ts"
import { logListenContract } from "./log-listen.ts"
import { logModelContract } from "./log-model.ts"
import { logReadContract } from "./log-read.ts"
import { presenceContract } from "./presence.ts"
import { rateLimitContract } from "./rate-limit.ts"
import { sessionsContract } from "./sessions.ts"
import type { OpenEngine } from "./under-test.ts"

export type { EngineUnderTest, OpenEngine } from "./under-test.ts"

/** @param open gives each test an engine; what earlier tests stored may still be in it. */
export function engineContract(name: string, open: OpenEngine): void {
  describe(`${name} keeps the engine's contract`, () => {
    logAppendContract(open)
    logReadContract(open)
    logCompactContract(open)
    logArchiveContract(open)
    logListenContract(open)
    logModelContract(open)
    directoryContract(open)
    leasesContract(open)
    announcementsContract(open)
    effectsContract(open)
    sessionsContract(open)
    presenceContract(open)
    rateLimitContract(open)
    clockContract(open)
    closingContract(open)
  })
}
