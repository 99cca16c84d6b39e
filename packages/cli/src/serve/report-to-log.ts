/** Puts into the log what was found at the servers of Redis: once, and again when it has changed. */
import { type Finding, type FindingLevel, type ServerReport, serverName } from "@everthread/engine-redis"
import type { Log } from "@everthread/server/logging"

export interface Reporter {
  found(report: ServerReport): void
  /** From here on a refusal is logged; before, it is thrown, and told by whoever catches it. */
  opened(): void
}

/** Notes change nothing that was promised, and `doctor` shows them: at each start of each node they would only be noise. */
const pinoLevels = { refusal: "error", warning: "warn", note: "debug" } as const

type Complaint = Finding & { readonly level: Exclude<FindingLevel, "ok"> }

export function reportTo(logger: Log["logger"]): Reporter {
  /** By server: what was found last, by what was looked at. */
  const said = new Map<string, ReadonlyMap<string, string>>()
  let isOpen = false

  return {
    found({ address, findings }) {
      const server = serverName(address)
      const complaints = findings.filter((finding): finding is Complaint => finding.level !== "ok")
      const before = said.get(server)
      said.set(server, new Map(complaints.map((one) => [one.about, one.found.en])))
      for (const { about, level, found, why, mend } of complaints) {
        if (before?.get(about) === found.en || (level === "refusal" && !isOpen)) continue
        logger[pinoLevels[level]]({ mend: mend.map(({ en }) => en) }, `Redis at ${server}: ${found.en}: ${why.en}`)
      }
    },
    opened() {
      isOpen = true
    },
  }
}
