/** What happens in one simulation, as data: a seed makes one, and a smaller one can be made of it. */
import { conversation } from "./names.ts"

export interface DevicePlan {
  readonly user: string
  readonly device: string
}

/** A conversation, and who its members are when it begins. The others' devices try to follow it all the same. */
export interface ConversationPlan {
  readonly id: string
  /** The first user of the plan, who makes it, is one of them. */
  readonly users: readonly string[]
}

type WhenBusy = "interrupt" | "reject" | "steer"

/** In which conversation, by its place in the plan; absent: in the first. */
interface Where {
  readonly in?: number
}

/** What people do. */
export type Doing = Where & Done

type Done =
  | { readonly type: "write"; readonly device: number; readonly agent: boolean; readonly whenBusy?: WhenBusy }
  /** Answers what is asked, if anything is. */
  | { readonly type: "answer"; readonly device: number }
  | { readonly type: "stop"; readonly device: number }
  | { readonly type: "remove"; readonly device: number; readonly user: string }
  | { readonly type: "add"; readonly device: number; readonly user: string }

/** What goes wrong; `forMs` later it is mended. */
export type Fault =
  | {
      readonly type: "weather"
      readonly loss: number
      readonly duplication: number
      readonly lateness: number
      readonly forMs: number
    }
  | { readonly type: "kill node"; readonly node: number; readonly forMs: number }
  | { readonly type: "pause node"; readonly node: number; readonly forMs: number }
  | { readonly type: "drain node"; readonly node: number; readonly forMs: number }
  /** The node has no way to the store. */
  | { readonly type: "part node"; readonly node: number; readonly forMs: number }
  | { readonly type: "slow node"; readonly node: number; readonly byMs: number; readonly forMs: number }
  | { readonly type: "jump node"; readonly node: number; readonly byMs: number }
  | { readonly type: "freeze store"; readonly forMs: number }
  /** Every connection to it is lost, and it comes back without its newest writes, if there were any. */
  | { readonly type: "restart store"; readonly lost: number; readonly forMs: number }
  | { readonly type: "cut device"; readonly device: number }
  | { readonly type: "silence device"; readonly device: number }
  | { readonly type: "pause device"; readonly device: number; readonly forMs: number }
  /** Its program ends, and is started again with what its outbox had kept. */
  | { readonly type: "restart device"; readonly device: number; readonly forMs: number }
  /** Its program ends for good. */
  | { readonly type: "end device"; readonly device: number }

export type Happening = Doing | Fault

const doingTypes = new Set<Happening["type"]>(["write", "answer", "stop", "remove", "add"])

export const isFault = (what: Happening): what is Fault => !doingTypes.has(what.type)

export interface PlanStep {
  readonly atMs: number
  readonly what: Happening
}

/** How short logs are kept. */
export interface Compaction {
  readonly snapshotEveryEntries: number
  readonly tailEntries: number
}

export interface Plan {
  readonly seed: number
  /** Absent: nothing is compacted, because a plan has too few entries. */
  readonly compaction?: Compaction
  readonly nodes: number
  readonly devices: readonly DevicePlan[]
  /** Absent: one, of which everybody is a member. */
  readonly conversations?: readonly ConversationPlan[]
  readonly steps: readonly PlanStep[]
}

export const conversationsOf = ({ conversations, devices }: Plan): readonly ConversationPlan[] =>
  conversations ?? [{ id: conversation, users: [...new Set(devices.map(({ user }) => user))] }]

/** Whether the store may go back in it. */
export const mayGoBack = ({ steps }: Plan): boolean =>
  steps.some(({ what }) => what.type === "restart store" && what.lost > 0)

const losing = new Set<Happening["type"]>(["weather", "part node", "slow node", "freeze store", "restart store"])

/** Whether all that nodes tell each other arrives: only then does everybody know who is here. */
export const tellsAll = ({ steps }: Plan): boolean => !steps.some(({ what }) => losing.has(what.type))

export function describePlan({ seed, nodes, devices, conversations = [], steps, compaction }: Plan): string {
  const names = devices.map(({ user, device }) => `${user}/${device}`).join(", ")
  const lines = steps.map(({ atMs, what: { type, ...rest } }) => `  ${atMs} ms: ${type} ${JSON.stringify(rest)}`)
  const short = compaction
    ? `; a snapshot every ${compaction.snapshotEveryEntries} entries, and ${compaction.tailEntries} kept before it`
    : ""
  const shared = conversations.map(({ id, users }) => `; ${id} of ${users.join(", ")}`).join("")
  return [`seed ${seed}: ${nodes} nodes; ${names}${shared}${short}`, ...lines].join("\n")
}
