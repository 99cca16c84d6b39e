/** EVALSHA, and EVAL where the server does not know the script: after its start, a failover, or SCRIPT FLUSH. */
import type { Script, ScriptRunner } from "../script.ts"

/** Sends one command, its name first. @param firstKey by which a cluster client finds the node. */
export type SendCommand = (firstKey: string, args: readonly (string | Buffer)[]) => Promise<unknown>

export function evalshaRunner(send: SendCommand): ScriptRunner {
  return {
    async run(script: Script, keys, args) {
      const [firstKey = ""] = keys
      const rest = [String(keys.length), ...keys, ...args]
      try {
        return await send(firstKey, ["EVALSHA", script.sha1, ...rest])
      } catch (error) {
        if (!isUnknownScript(error)) throw error
        return send(firstKey, ["EVAL", script.lua, ...rest])
      }
    },
  }
}

const isUnknownScript = (error: unknown): boolean => error instanceof Error && error.message.startsWith("NOSCRIPT")
