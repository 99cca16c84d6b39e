/** The engine on a single Redis keeps the contract that every engine keeps. */
import { startRedis } from "../../../test/support/redis/index.ts"
import { contractOn } from "./support/contract-on.ts"

contractOn("Redis", () => startRedis())
