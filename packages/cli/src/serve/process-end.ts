/**
 * How the server's process ends: in good order on a signal, at once on a second one, and with a line
 * in the log when something went wrong that nobody caught. (SPEC CON4)
 */
import type { Log } from "@everthread/server/logging"

export interface ProcessEnd {
  readonly log: Log
  /** Ends everything in good order. It may take as long as the drain timeout. */
  readonly stop: () => Promise<void>
  readonly exit: (code: number) => void
}

type SignalSource = Pick<NodeJS.EventEmitter, "on">

const signals = ["SIGTERM", "SIGINT"] as const

export function watchProcessEnd(end: ProcessEnd, source: SignalSource = process): void {
  let state: "serving" | "stopping" = "serving"
  const exit = (code: number) => {
    end.log.flushSync()
    end.exit(code)
  }
  for (const signal of signals) {
    source.on(signal, () => {
      if (state === "stopping") return exit(1)
      state = "stopping"
      end.log.logger.info({ signal }, "Stopping: connections are told to come back. A second signal ends at once")
      end.stop().then(
        () => exit(0),
        (error) => fail(error, "Stopping did not end well"),
      )
    })
  }
  /** The state of a program that threw where nobody caught is unknown: say so, and leave it to whoever restarts. */
  function fail(error: unknown, text: string): void {
    end.log.logger.fatal({ err: error }, text)
    exit(1)
  }
  source.on("uncaughtException", (error) => fail(error, "Something was thrown that nobody caught"))
  // A promise that an agent's author forgot must not end everybody else's runs and connections. (SPEC RUN6)
  source.on("unhandledRejection", (error) => {
    end.log.logger.error(
      { err: error },
      "A promise was rejected and nobody looked; if it is an agent's, await it there",
    )
  })
}
