/**
 * An engine in a process of its own, which can be killed and stopped. It reads commands, a line of JSON each, and
 * answers each with a line: `["enter", conversation, device]`, `["leave", …]`, `["present", conversation]`.
 */
import { createInterface } from "node:readline"
import type { PresentDevice } from "@everthread/engine"
import { openRedisEngine } from "../../src/index.ts"

const [url = ""] = process.argv.slice(2)
// An engine that is being opened keeps no process alive; what is read from does.
process.stdin.resume()
const engine = await openRedisEngine({ url })
const { presence } = engine
const say = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer)}\n`)

async function answer(line: string): Promise<unknown> {
  const [command, conversation, device] = JSON.parse(line) as ["enter" | "leave" | "present", string, PresentDevice]
  if (command === "present") return presence.present(conversation)
  return presence[command](conversation, device)
}

createInterface({ input: process.stdin }).on("line", (line) => {
  answer(line).then(say, (error: unknown) => say({ error: String(error) }))
})
say("ready")
