/** A program that waits for the end of a server, and for nothing else. `servers.test.ts` looks whether it has waited. */
import { startRedis } from "../src/index.ts"

const server = await startRedis()
await server.stop()
console.log("it has ended")
