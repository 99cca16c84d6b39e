/** Operations as columns of numbers: a tenth of what they are as lines. */
import type { OperationLine } from "../record/record.ts"
import type { OperationColumns } from "./report-data.ts"

/** The page knows them by their place. */
export const outcomes: readonly OperationLine["outcome"][] = ["ok", "refused", "unknown"]

export function columnsOf(operations: readonly OperationLine[], known: readonly string[]): OperationColumns {
  const sorted = [...operations].sort((a, b) => a.fromMs - b.fromMs)
  const devices = new Names(known)
  const [conversations, nodes, kinds, codes] = [new Names(), new Names(), new Names(), new Names()]
  return {
    device: sorted.map(({ device }) => devices.indexOf(device)),
    conversation: sorted.map(({ conversation }) => conversations.indexOf(conversation)),
    node: sorted.map(({ node }) => nodes.indexOf(node)),
    kind: sorted.map(({ kind }) => kinds.indexOf(kind)),
    gapMs: sorted.map(({ fromMs }, index) => Math.round(fromMs) - Math.round(sorted[index - 1]?.fromMs ?? 0)),
    tookMs: sorted.map(({ fromMs, toMs }) => (toMs === undefined ? -1 : Math.max(Math.round(toMs - fromMs), 0))),
    outcome: sorted.map(({ outcome }) => outcomes.indexOf(outcome)),
    code: sorted.map(({ code }) => codes.indexOf(code)),
    devices: devices.list,
    conversations: conversations.list,
    nodes: nodes.list,
    kinds: kinds.list,
    codes: codes.list,
  }
}

class Names {
  readonly #indices = new Map<string, number>()

  constructor(known: readonly string[] = []) {
    for (const name of known) this.indexOf(name)
  }

  get list(): readonly string[] {
    return [...this.#indices.keys()]
  }

  /** @returns -1 of none. */
  indexOf(name: string | undefined): number {
    if (name === undefined) return -1
    const index = this.#indices.get(name) ?? this.#indices.size
    this.#indices.set(name, index)
    return index
  }
}
