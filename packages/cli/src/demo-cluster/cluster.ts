/** Three nodes on one store, as the scenes see them. */

export interface ClusterNode {
  /** The name that it says in its welcome. */
  readonly id: string
  /** As the display calls it. */
  readonly number: 1 | 2 | 3
  /** Of the native protocol. */
  readonly url: string
}

export type ThreeNodes = readonly [ClusterNode, ClusterNode, ClusterNode]

export interface Cluster {
  readonly nodes: ThreeNodes
  /** What the nodes have complained about so far; for whoever has to find out why a count is wrong. */
  complaints(): string
  /** Ends all of them in good order. */
  stop(): Promise<void>
}

export function threeNodes(ids: readonly string[], urls: readonly string[]): ThreeNodes {
  const node = (number: 1 | 2 | 3): ClusterNode => ({
    id: ids[number - 1] ?? "",
    number,
    url: `${urls[number - 1]}/v1`,
  })
  return [node(1), node(2), node(3)]
}
