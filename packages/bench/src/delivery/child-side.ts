/** The side of a process that `startChild` has started: it greets, answers one question after the other, and ends with the bench. */

/**
 * From now on it answers. A question that cannot be answered ends the process, which the bench then says.
 *
 * @param greeting the first thing that it says.
 */
export function answerBench<Asked>(answer: (asked: Asked) => Promise<unknown>, greeting: unknown = "ready"): void {
  process.on("message", (asked: Asked) => void answer(asked).then((said) => process.send?.(said), fail))
  endWithBench()
  process.send?.(greeting)
}

/** Whatever is still open here, sockets above all, was for the bench alone: with it gone, nothing is left to end in good order. */
export function endWithBench(): void {
  process.on("disconnect", () => process.exit(0))
}

/** Says what went wrong, and ends: what it measured is worth nothing. */
export function fail(why: unknown): never {
  console.error(why)
  process.exit(1)
}
