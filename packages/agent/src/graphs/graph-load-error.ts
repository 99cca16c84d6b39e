/** Why a graph could not be loaded, in words that tell its author what to do. */
export type GraphLoadReason =
  | "bad-spec"
  | "no-file"
  | "no-export"
  | "too-old"
  | "not-a-graph"
  | "threw"
  | "too-slow"
  | "bad-name"
  | "bad-config"

export class GraphLoadError extends Error {
  override readonly name = "GraphLoadError"
  readonly reason: GraphLoadReason

  constructor(reason: GraphLoadReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
