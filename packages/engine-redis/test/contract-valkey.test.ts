/** The engine on a single Valkey keeps the contract that every engine keeps. */
import { flavours, startRedis } from "@everthread/stage"
import { contractOn } from "./support/contract-on.ts"

describe.runIf(flavours.includes("valkey"))("where Valkey is installed", () => {
  contractOn("Valkey", () => startRedis({ flavour: "valkey" }))
})
