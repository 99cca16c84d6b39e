/** Opens the folder that it is given, says so, and keeps it until its input ends. Runs the built package. */
import { openEmbeddedEngine } from "@everthread/engine-embedded"

const engine = await openEmbeddedEngine({ folder: process.argv[2] })
console.log("open")
process.stdin.resume()
process.stdin.on("end", async () => {
  await engine.close()
  process.exit(0)
})
