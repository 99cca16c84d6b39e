/** The native protocol at `/v1`: everything Everthread can do, many conversations on one socket. */
import type { Gateway } from "../gateway.ts"
import { NativeDialect } from "./dialect.ts"

export const nativeGateway: Gateway = {
  name: "native",
  paths: ["/v1"],
  open: (peer) => new NativeDialect(peer),
}
