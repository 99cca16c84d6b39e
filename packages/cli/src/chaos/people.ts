/** Who the people of an attack are: anybody where nobody is asked, whoever a secret signs for, or whoever the one token names. */
import type { People } from "@everthread/chaos/attack"
import type { CliContext } from "../context.ts"
import { UsageError } from "../failure.ts"
import type { ChaosFlags } from "./chaos-command.ts"
import type { ChaosTexts } from "./texts.ts"

/** Long enough for all to come to rest. */
const spareMs = 15 * 60_000

export function peopleOf(flags: ChaosFlags, { clock }: CliContext, texts: ChaosTexts): People {
  const { token, jwtSecret: secret, seconds } = flags
  if (token !== undefined) {
    const user = subjectOf(token)
    if (user === undefined) throw new UsageError(texts.badToken)
    return { kind: "one", user, token }
  }
  if (secret === undefined) return { kind: "many", tokenOf: async () => undefined }
  return {
    kind: "many",
    async tokenOf(user) {
      const { mintToken } = await import("@everthread/server/auth")
      return mintToken({ user, secret, ttlMs: seconds * 1_000 + spareMs }, clock)
    },
  }
}

/** What a token says of itself; the nodes look whether it is true. */
function subjectOf(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))
    const subject = typeof payload === "object" && payload !== null && "sub" in payload ? payload.sub : undefined
    return typeof subject === "string" && subject !== "" ? subject : undefined
  } catch {
    return undefined
  }
}
