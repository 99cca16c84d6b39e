/** Scripts of others on the engine's connections: what they answer comes back as their author was promised. */
import { createHash } from "node:crypto"
import { startRedis } from "@everthread/stage"
import { openRedisEngine } from "../src/index.ts"

const lua = "return { ARGV[1], ARGV[2], 7 }"
const script = { name: "echo", lua, sha1: createHash("sha1").update(lua).digest("hex"), readOnly: true }

test("[STO6] the request's name stands first in the answer, and every text of it is bytes", async () => {
  const redis = await startRedis()
  const { scripts, close } = await openRedisEngine({ url: redis.url })
  try {
    const key = `${scripts.prefixOf("talk", "t", "thread")}x`
    const answer = await scripts.run(script, [key], ["request-1", Buffer.from([0xff, 0x00])])
    expect(answer).toEqual([Buffer.from("request-1"), Buffer.from([0xff, 0x00]), 7])
  } finally {
    await close()
    await redis.stop()
  }
})
