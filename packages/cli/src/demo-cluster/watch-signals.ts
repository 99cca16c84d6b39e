/** Turns the signals that end a process into an error that a command ends with. */
import { Interrupted } from "../failure.ts"

type SignalSource = Pick<NodeJS.EventEmitter, "once" | "off">

/** By the convention of shells: 128 and the signal's number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** The first signal ends it in good order; the next one finds nobody who listens, and ends it at once. */
export function watchSignals(text: string, source: SignalSource = process) {
  let stop = () => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    const ends = Object.entries(exitCodes).map(([signal, code]) => {
      const end = () => reject(new Interrupted(code, text))
      source.once(signal, end)
      return () => source.off(signal, end)
    })
    stop = () => {
      for (const end of ends) end()
    }
  })
  interrupted.catch(() => {})
  return { interrupted, stop: () => stop() }
}
