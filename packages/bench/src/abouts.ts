/** What each bench is about, in a line: for the help, the list and the overview. */
export const abouts: Readonly<Record<string, string>> = {
  redis: "the store: appends, memory, delivery over two nodes",
  runs: "agents: tokens from the graph to the devices, the first word, takeover",
  delivery: "one event to many, echo and idle memory, beside others and beside what the machine can do",
  churn: "what devices lose, get twice or out of order while nodes die, beside others",
  resume: "coming back: after an absence, all at once, to a long conversation",
  growth: "whether a delivered event stays as cheap with more conversations, members, nodes and history",
}

/** Parts that are held to no target: everything at a small size does without them. */
export const withoutTargets: ReadonlySet<string> = new Set([
  "throughput",
  "first-word",
  "rooms",
  "echo",
  "storm",
  "snapshot",
  "members",
  "nodes",
])
