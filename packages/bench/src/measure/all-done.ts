/** Waits for all of them, also where one fails: whoever has to stop what was started then knows all of it. */

/** @throws what the first of them failed with, once the others are done. */
export async function allDone(tasks: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find((outcome) => outcome.status === "rejected")
  if (failed) throw failed.reason
}
