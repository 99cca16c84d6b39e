/**
 * Which runs are open in the whole store, and who owns them: by the claims, which decide it, and by the log, which says
 * how often each was tried and what became of it.
 */
import { ConversationView } from "@everthread/agent/worker"
import type { Engine, OpenRun } from "@everthread/engine"
import { type ConversationState, isOpen, type Run } from "@everthread/protocol"
import type { RunFacts } from "./node-link.ts"

const askedCharsMax = 60

export class OpenRuns {
  readonly #engine: Pick<Engine, "leases" | "log">
  /** Of the conversations of the last look, so that each look reads what is new and no more. */
  #views = new Map<string, ConversationView>()

  constructor(engine: Pick<Engine, "leases" | "log">) {
    this.#engine = engine
  }

  /** @param conversations whose last runs are wanted, too. */
  async read(conversations: readonly string[]): Promise<readonly RunFacts[]> {
    const { leases, log } = this.#engine
    const open = await leases.openRuns()
    const wanted = new Set([...open.map(({ conversation }) => conversation), ...conversations])
    this.#views = new Map([...wanted].map((id) => [id, this.#views.get(id) ?? new ConversationView(log, id)]))
    const owners = new Map(open.map(({ run, owner }) => [run, owner]))
    const facts = [...this.#views].map(async ([id, view]) => factsOf(id, await view.refresh(), owners))
    return (await Promise.all(facts)).flat()
  }
}

type Owners = ReadonlyMap<string, OpenRun["owner"]>

/** @returns what is open, and what ended last. */
function factsOf(conversation: string, state: ConversationState, owners: Owners): RunFacts[] {
  const ended = state.runs.filter((run) => !isOpen(run)).sort((one, other) => one.seq - other.seq)
  return [...ended.slice(-1), ...state.runs.filter(isOpen)].map((run) => ({
    conversation,
    title: state.title,
    run: run.id,
    agent: run.agent,
    asked: (state.messages.find(({ id }) => id === run.message)?.text ?? "").slice(0, askedCharsMax),
    status: run.status,
    attempt: attemptOf(run, state),
    node: ownerOf(run, owners.get(run.id)),
  }))
}

/** Each answer of a person begins another attempt too, and nothing was taken over then. */
function attemptOf({ id, attempt }: Run, { interrupts }: ConversationState): number {
  const answered = interrupts.filter((interrupt) => interrupt.run === id && interrupt.answer !== undefined)
  return Math.max(Math.min(1, attempt), attempt - answered.length)
}

/** A claim comes before the attempt is in the log. A worker adds something of its own to its node's name. */
function ownerOf({ id, node }: Run, owner: OpenRun["owner"]): string | undefined {
  return owner?.run === id ? owner.node.split(" ", 1)[0] : node
}
