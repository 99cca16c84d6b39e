/** A process of the bench's own that is asked and answers. It ends when the bench does: its channel closes then. */
import { fork } from "node:child_process"
import { once } from "node:events"

export interface Child {
  /** @returns the next thing it says. */
  ask<Answer>(question: unknown): Promise<Answer>
  stop(): Promise<void>
}

/** @param file below the bench's folder. @returns the process with the first thing it said. */
export async function startChild<Greeting>(
  file: string,
  args: readonly string[],
): Promise<{ child: Child; greeting: Greeting }> {
  const spawned = fork(new URL(`../${file}`, import.meta.url), [...args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // A process that is asked what it holds has to collect before it answers.
    execArgv: [...process.execArgv, "--expose-gc"],
  })
  const ended = once(spawned, "exit")
  const failed = ended.then(() => Promise.reject(new Error(`${file} ended before it answered`)))
  failed.catch(() => undefined)
  const next = <Answer>(): Promise<Answer> =>
    Promise.race([new Promise<Answer>((resolve) => spawned.once("message", (said) => resolve(said as Answer))), failed])
  const greeting = await next<Greeting>()
  return {
    greeting,
    child: {
      ask<Answer>(question: unknown) {
        const answer = next<Answer>()
        spawned.send(question as object)
        return answer
      },
      async stop() {
        if (spawned.connected) spawned.disconnect()
        await ended
      },
    },
  }
}

/** Processes that end together, the last one first: who follows a node takes it for a fault when that goes. */
export class Children {
  readonly #started: Child[] = []

  async start<Greeting>(file: string, args: readonly string[]): Promise<{ child: Child; greeting: Greeting }> {
    const started = await startChild<Greeting>(file, args)
    this.#started.push(started.child)
    return started
  }

  async stop(): Promise<void> {
    for (const child of this.#started.toReversed()) await child.stop()
  }
}
