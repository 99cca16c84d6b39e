/**
 * A worker in a process of its own, to be killed: argv is the data folder and the run to make.
 *
 * It asks its agent to count, tells its parent how far the log is, and never ends by itself before the last
 * word: the parent says `go` when it may.
 */
import { Harness, saidIn } from "./harness.ts"
import { slowCounter } from "./slow-counter.ts"

const [folder = ""] = process.argv.slice(2)
const h = await Harness.open({ folder })
const conversation = await h.conversation()
await h.worker({ agent: slowCounter(() => new Promise(() => {})) })
const run = await h.ask(conversation, "count")
await h.until(conversation, (state) => saidIn(state, run)[1] === "three ")
process.stdout.write(`${run}\n`)
