/** The nodes of a test file, on a store that is there already. */
import { FaultNode } from "./node.ts"

const leaseSeconds = 1

export async function startNodes(
  redis: string,
  names: readonly string[],
  durability = "fsync",
): Promise<readonly FaultNode[]> {
  const nodes = names.map((name) => new FaultNode({ name, redis, leaseSeconds, durability }))
  await Promise.all(nodes.map((node) => node.start()))
  return nodes
}

export async function killNodes(nodes: readonly FaultNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.kill()))
}
