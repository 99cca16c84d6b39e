/**
 * Calls every listener, whatever the others do: one that throws is a defect of its owner, and neither the
 * other listeners nor the commit that is being told of may suffer from it.
 */
export function notify<L>(listeners: Iterable<L>, tell: (listener: L) => void): void {
  for (const listener of [...listeners]) {
    try {
      tell(listener)
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}
