/** What is set for agents on a node that runs none. */
import type { ReadValues } from "./read-values.ts"

/** @returns one sentence each. */
export function roleNotices({ values, sources }: Pick<ReadValues, "values" | "sources">): string[] {
  if (values["node.role"] !== "gateway" || sources.graphs === "default") return []
  return [
    `graphs (${sources.graphs}) has no effect with node.role gateway (${sources["node.role"]}): a gateway runs no agents; name them on nodes with --role agent.`,
  ]
}
