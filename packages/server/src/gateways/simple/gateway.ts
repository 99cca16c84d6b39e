/** The simple protocol at `/` and `/ws`: plain JSON, one frame a message, for clients that send no acks. */
import type { Gateway } from "../gateway.ts"
import { SimpleDialect } from "./dialect.ts"

export const simpleGateway: Gateway = {
  name: "simple",
  paths: ["/", "/ws"],
  open: (peer) => new SimpleDialect(peer),
}
