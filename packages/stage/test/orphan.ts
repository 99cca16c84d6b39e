/**
 * A program that starts servers, one of them frozen, says which, and waits to be killed. `servers.test.ts` kills it and looks
 * for what it left behind.
 */
import { rootFolder, startRedis } from "../src/index.ts"

const [running, frozen] = await Promise.all([startRedis(), startRedis()])
await frozen.freeze()
console.log(JSON.stringify({ folder: rootFolder(), pids: [running.pid, frozen.pid] }))
setInterval(() => {}, 60_000)
