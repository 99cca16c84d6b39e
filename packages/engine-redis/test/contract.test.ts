/** The engine on a single Redis keeps the contract that every engine keeps. */
import { startRedis } from "@everthread/stage"
import { contractOn } from "./support/contract-on.ts"

contractOn("Redis", () => startRedis())
