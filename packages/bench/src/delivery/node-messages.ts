/** What a node's process and the bench say to each other. */

export type ToNode = { readonly ask: "cpu" }

export type FromNode =
  | { readonly is: "ready"; readonly port: number }
  /** Since it began, user and system, in microseconds. */
  | { readonly is: "cpu"; readonly us: number }

/** Answers the bench until it is gone; then the node is, too. */
export function serveBench(port: number): void {
  process.on("message", ({ ask }: ToNode) => {
    if (ask !== "cpu") return
    const { user, system } = process.cpuUsage()
    tell({ is: "cpu", us: user + system })
  })
  process.on("disconnect", () => process.exit(0))
  tell({ is: "ready", port })
}

function tell(message: FromNode): void {
  process.send?.(message)
}
