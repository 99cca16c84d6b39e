/** Looks whether the demo's ports are free before anything is started: its flag is not the one that a node would name. */
import { once } from "node:events"
import { createServer } from "node:net"
import { CliError, errorCodeOf } from "../failure.ts"
import type { DemoTexts } from "./texts.ts"

/** @throws CliError that names the first port that is taken, and what to type instead. */
export async function checkPorts(ports: readonly number[], texts: DemoTexts): Promise<void> {
  for (const port of ports) {
    const code = await tryPort(port)
    if (code === "EADDRINUSE") throw new CliError(texts.portInUse(port), texts.portAdvice)
    if (code !== undefined) throw new CliError(texts.portRefused(port, code), texts.portAdvice)
  }
}

/** @returns why it cannot be listened on, or nothing. */
async function tryPort(port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
    server.close()
    await once(server, "close")
    return undefined
  } catch (error) {
    return errorCodeOf(error) ?? String(error)
  }
}
