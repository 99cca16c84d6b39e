/** The engine keeps its contract over TLS, as a user with the rights that docs/redis.md names and no others. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { startRedis } from "@everthread/stage"
import { aclRule } from "./support/acl.ts"
import { contractOn } from "./support/contract-on.ts"

contractOn("Redis with TLS and few rights", async () => {
  const server = await startRedis({ tls: true, password: "operator", users: [`everthread on >secret ${aclRule}`] })
  const caFile = join(server.folder, "ca.pem")
  writeFileSync(caFile, server.ca ?? "")
  const url = `rediss://everthread:secret@127.0.0.1:${server.port}?ca=${encodeURIComponent(caFile)}`
  return { url, stop: () => server.stop() }
})
