/** Whether the peer that is no npm package can be had here: if so it serves, and if not there is a line that says why. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { centrifugoFolder, findCentrifugo, startCentrifugo } from "../src/peers/centrifugo.ts"
import { startServer } from "../src/redis/server.ts"

const kept = await findCentrifugo(centrifugoFolder, { PATH: "" })

test("without Go and without a build Centrifugo is missing, for a reason that can be printed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "everthread-no-centrifugo-"))
  const found = await findCentrifugo(folder, { PATH: folder })
  rmSync(folder, { recursive: true })
  expect(found).toEqual({ missing: "Centrifugo is left out: there is no Go here to build it with" })
})

test.skipIf("missing" in kept)(
  "Centrifugo that was built serves on its Redis and keeps what is published",
  async () => {
    const redis = await startServer("memory")
    const centrifugo = await startCentrifugo("file" in kept ? kept.file : "", redis.url)
    const body = JSON.stringify({ channel: "room", data: { text: "hello" } })
    const published = await fetch(`${centrifugo.apiUrl}/publish`, { method: "POST", body })
    expect(await published.json()).toMatchObject({ result: { offset: 1 } })
    await centrifugo.stop()
    await redis.stop()
  },
)
