/** What was seen is held against what is promised: against the store's own log where it can be read, else against what all saw. */
import { check, type DeviceHistory, type Finding, type History, type View } from "@everthread/sim"
import { type LogHolder, storedLog } from "../people/stored-log.ts"
import { namesOf } from "../people/unrest.ts"
import { type Resting, unrestAtLast } from "./at-rest.ts"
import { seenLog } from "./seen-log.ts"

export interface Judging extends Resting {
  readonly conversations: readonly string[]
  /** Where the store can be read. */
  readonly store: LogHolder | undefined
  /** What a device is shown that has never been here. */
  fresh(conversation: string): Promise<View>
}

export interface Judged {
  readonly histories: readonly History[]
  readonly findings: readonly Finding[]
}

export async function judge(judging: Judging): Promise<Judged> {
  const histories: History[] = []
  const findings: Finding[] = []
  for (const conversation of judging.conversations) {
    const what = await unrestAtLast(judging, conversation)
    if (what !== undefined) findings.push({ law: "rest", conversation, what: `does not come to rest: ${what}` })
    else {
      const history = await historyOf(judging, conversation)
      histories.push(history)
      findings.push(...check(history, expectedOf(judging)))
    }
  }
  return { histories, findings }
}

/** Nothing was done to the store that could make it forget, and nobody asked an agent. */
function expectedOf(judging: Judging) {
  return { rollback: false, present: namesOf(judging), answer: () => [] }
}

async function historyOf(judging: Judging, conversation: string): Promise<History> {
  const devices: DeviceHistory[] = []
  for (const one of judging.devices) {
    const { user, device, tap } = one
    devices.push({ user, device, ...(await one.follow(conversation).history(tap)) })
  }
  for (const guest of judging.guests) devices.push(await guest.historyIn(conversation))
  const fresh = await judging.fresh(conversation)
  const { store } = judging
  const log = store === undefined ? seenLog(devices, fresh) : await storedLog(store, conversation)
  return { conversation, devices, fresh, log }
}
