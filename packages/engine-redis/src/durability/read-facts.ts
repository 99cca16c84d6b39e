/** Asks a server what it is and how it is configured. */
import { EngineError } from "@everthread/engine"
import type { Link } from "../connection/link.ts"
import { ServerError } from "../connection/server-error.ts"
import { serverName } from "../connection/target.ts"
import { factsOf, type ServerFacts, type SettingsReply, settingNames, settingsOf } from "./facts.ts"

/**
 * @throws EngineError `unusable` if the server may not even be asked INFO: then nothing can be known of it;
 *   `unavailable` or `unknown` if it gave no answer.
 */
export async function readFacts(link: Link): Promise<ServerFacts> {
  const [info, settings] = await Promise.all([readInfo(link), readSettings(link)])
  return factsOf(info, settings)
}

async function readInfo(link: Link): Promise<string> {
  try {
    return String(await link.send(["INFO"]))
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    const mend = "let the user in redis.url ask: ACL SETUSER <user> +info"
    const what = `Redis at ${serverName(link.address)} does not say what it is (${error.message})`
    throw new EngineError("unusable", `${what}: ${mend}.`, { cause: error })
  }
}

/** Users with few rights may not ask, and many a managed service has renamed or removed the command. */
async function readSettings(link: Link): Promise<SettingsReply> {
  try {
    return { settings: settingsOf(await link.send(["CONFIG", "GET", ...settingNames])), refusal: undefined }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    return { settings: new Map(), refusal: error.message }
  }
}
