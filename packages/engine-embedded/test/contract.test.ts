/** The embedded engine against the contract of all engines. */
import { engineContract } from "@everthread/engine/contract"
import { openEmbeddedEngine } from "../src/index.ts"
import { freshFolder } from "./folders.ts"

engineContract("the embedded engine", async () => {
  const folder = freshFolder()
  let engine = await openEmbeddedEngine({ folder })
  return {
    engine,
    async reopen() {
      await engine.close()
      engine = await openEmbeddedEngine({ folder })
      return engine
    },
    close: () => engine.close(),
  }
})
