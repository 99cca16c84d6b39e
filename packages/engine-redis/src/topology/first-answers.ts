/** Asking several servers the same at once, and not waiting for the slowest. */
import type { Clock, Timer } from "@everthread/protocol"

/** Once somebody has answered, the others have this long. */
const graceMs = 200

/** @returns the answers that came in time; nothing, if all asking failed. Failures count as no answer. */
export function firstAnswers<Answer>(clock: Clock, asked: readonly Promise<Answer>[]): Promise<Answer[]> {
  return new Promise((resolve) => {
    const answers: Answer[] = []
    let left = asked.length
    let grace: Timer | undefined
    const settled = () => {
      left -= 1
      if (left > 0) return
      if (grace) clock.stopTimer(grace)
      resolve(answers)
    }
    if (left === 0) resolve(answers)
    for (const one of asked) {
      one.then((answer) => {
        answers.push(answer)
        grace ??= clock.startTimer(graceMs, () => resolve([...answers]))
        settled()
      }, settled)
    }
  })
}
