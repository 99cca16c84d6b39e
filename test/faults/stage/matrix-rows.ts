/** The kill matrix as data: where a process dies, how often, and what that may cost. */
export interface Row {
  /** Of SPEC.md, as the title of its test begins. */
  readonly rules: string
  readonly title: string
  /** As in `journey-script.mjs`. */
  readonly place: string
  readonly kills: number
  readonly pays: "once" | "bare"
  /** For each time that it was paid, under one key: whether the tool was told that it may have been done before. */
  readonly effects: readonly boolean[]
}

const row = (rules: string, place: string, title: string, more: Partial<Row> = {}): Row => {
  return { rules, place, title, kills: 1, pays: "once", effects: [false], ...more }
}

export const rows: readonly Row[] = [
  row("[RUN1]", "tell:0", "nothing happens", { kills: 0 }),
  row("[RUN1] [RUN3]", "tell:0", "before anything is said"),
  row("[RUN3]", "tell:1", "after the first word"),
  row("[RUN3]", "tell:3", "in the middle of a message"),
  row("[RUN3]", "tell:5", "after the last word, before the node returns"),
  row("[RUN2] [RUN3]", "tell:3", "in the middle of a message, and the next owner as well", { kills: 2 }),
  row("[RUN3]", "edge", "when the node has returned and nothing of that is stored"),
  row("[RUN3] [RUN8]", "order:0", "between two nodes"),
  row("[RUN3] [RUN8]", "order:0", "between two nodes, and the next owner as well", { kills: 2 }),
  row("[RUN3]", "order:3", "in the middle of the next node"),
  row("[RUN3] [TOO2]", "tool:begun", "in a tool, before it has done anything", { effects: [true] }),
  row("[RUN3]", "tool:begun", "in a tool without once, before it has done anything", { pays: "bare" }),
  row("[RUN3] [TOO2]", "tool:done", "in a tool, when it was done and once has not kept it", { effects: [false, true] }),
  row("[RUN3]", "tool:kept", "right after a tool without once", { pays: "bare", effects: [false, false] }),
  row("[RUN3] [TOO1]", "tool:kept", "right after a tool with once"),
  row("[RUN3] [TOO1]", "tool:kept", "right after a tool with once, and the next owner as well", { kills: 2 }),
  row("[RUN3]", "left:3", "in parallel branches, neither done"),
  row("[RUN3]", "right:0", "in parallel branches, one done and the other silent so far"),
  row("[RUN3]", "right:3", "in parallel branches, one done and the other speaking"),
  row("[RUN3]", "first:3", "in the first node of a subgraph"),
  row("[RUN3]", "second:0", "between two nodes of a subgraph"),
  row("[RUN3]", "second:3", "in the second node of a subgraph", { kills: 2 }),
  row("[RUN3] [RUN5]", "ask:3", "before it asks"),
  row("[RUN5]", "waiting", "while it waits for an answer"),
  row("[RUN3] [RUN5]", "answered:3", "after the answer"),
  row("[RUN3]", "end:5", "at the very end"),
]

/** What runs again as a whole when it is cut off; places in the order in which a run comes by. */
const tasks: readonly (readonly string[])[] = [
  ["tell", "edge"],
  ["order"],
  ["tool"],
  ["left"],
  ["right"],
  ["first"],
  ["second"],
  ["ask", "answered", "waiting"],
  ["end"],
]

/** @returns how often each task is to begin: the one that was cut off once more for each time, and no other one. */
export function beginnings({ place, kills }: Row): Readonly<Record<string, number>> {
  const of = (task: readonly string[]) => {
    const begun = task[0] === "ask" ? 2 : 1
    const isStruck = task.some((name) => place.split(":")[0] === name) && place !== "waiting"
    return begun + (isStruck ? kills : 0)
  }
  return Object.fromEntries(tasks.map((task) => [task[0], of(task)]))
}
