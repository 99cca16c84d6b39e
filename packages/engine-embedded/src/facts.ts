/** What changes in the step of an append, beside the log: members, open runs, named values. */
import type { Expectation, MemberChange, RunAbout, RunChange } from "@everthread/engine"
import type { Seq } from "@everthread/protocol"
import { forgetEffects } from "./effects.ts"
import { globalKeys, memberKey, membershipKey, openRunKey, valueKey } from "./keys.ts"
import { putJson, type Tables } from "./tables.ts"

export interface OpenRunRecord {
  /** The last entry of the append that opened it last. */
  readonly seq: Seq
  /** Its place among all openings. */
  readonly order: number
  readonly about?: RunAbout
}

export function changeMembers(tables: Tables, conversation: string, changes: readonly MemberChange[]): void {
  const { records } = tables
  for (const { user, role } of changes) {
    for (const key of [memberKey(conversation, user), membershipKey(user, conversation)]) {
      if (role === null) records.remove(key)
      else records.put(key, role)
    }
  }
}

export const isMember = (tables: Tables, conversation: string, user: string): boolean =>
  tables.records.get(memberKey(conversation, user)) !== undefined

export function changeRuns(tables: Tables, conversation: string, seq: Seq, changes: readonly RunChange[]): void {
  for (const { run, state, about } of changes) {
    const key = openRunKey(conversation, run)
    if (state === "done") {
      tables.records.remove(key)
      forgetEffects(tables, conversation, run)
    } else putJson<OpenRunRecord>(tables.records, key, { seq, order: nextOpening(tables), ...(about && { about }) })
  }
}

function nextOpening({ records }: Tables): number {
  const order = Number(records.get(globalKeys.opened) ?? 0) + 1
  records.put(globalKeys.opened, String(order))
  return order
}

export const getValue = (tables: Tables, conversation: string, name: string): string | null =>
  tables.records.get(valueKey(conversation, name)) ?? null

export function beginValues(tables: Tables, conversation: string, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) tables.records.put(valueKey(conversation, name), value)
}

export function fulfil(tables: Tables, conversation: string, { name, becomes }: Expectation): void {
  if (becomes === null) tables.records.remove(valueKey(conversation, name))
  else tables.records.put(valueKey(conversation, name), becomes)
}
