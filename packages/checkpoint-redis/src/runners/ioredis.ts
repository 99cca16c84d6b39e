/** A runner for clients such as those of `ioredis`, standalone and Cluster. */
import type { ScriptRunner } from "../script.ts"
import { evalshaRunner } from "./evalsha.ts"

/** What is used of `new Redis()` and `new Cluster()`, which find the node by the command's own keys. */
export interface IoredisClient {
  callBuffer(command: string, ...args: (string | Buffer)[]): Promise<unknown>
}

export const ioredisRunner = (client: IoredisClient): ScriptRunner =>
  evalshaRunner((_firstKey, [command = "", ...args]) => client.callBuffer(String(command), ...args))
