/** A command that waits for a store has nothing but timers to wait with, and must not end for that. */
import { startRedis } from "@everthread/stage"
import { serve } from "./serving.ts"

test("[STO3] a store that is not whole in time is a sentence and exit code 1, not a silent end", async () => {
  // A cluster of one server that has no slots.
  const redis = await startRedis({ config: { "cluster-enabled": "yes" } })
  try {
    const { ended, err } = serve(["--redis", redis.url])
    expect(await ended).toBe(1)
    expect(err()).toContain("cannot be opened")
  } finally {
    await redis.stop()
  }
})
