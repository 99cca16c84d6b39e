/** A user with the rights that the documentation names is let in, and one with fewer is told what is missing. */
import { readdirSync, readFileSync } from "node:fs"
import { type RedisServer, startRedis } from "@everthread/stage"
import { openRedisEngine } from "../src/index.ts"
import { commandsAsked } from "../src/permissions.ts"
import { aclRule } from "./support/acl.ts"

const folder = new URL("../lua/", import.meta.url)
const docs = new URL("../../../docs/redis.md", import.meta.url)

let server: RedisServer | undefined
beforeAll(async () => {
  const users = [
    `whole on >secret ${aclRule}`,
    `channelless on >secret ${aclRule} resetchannels`,
    `trimless on >secret ${aclRule} -xtrim`,
    `scriptless on >secret ${aclRule} -eval`,
    `roleless on >secret ${aclRule} -role`,
    `elsewhere on >secret ${aclRule} resetkeys ~other:*`,
  ]
  server = await startRedis({ password: "operator", users })
})
afterAll(() => server?.stop())

const openAs = (user: string, password = "secret") =>
  openRedisEngine({ url: `redis://${user}:${password}@127.0.0.1:${server?.port}` })

test("every command that a script calls is asked for", () => {
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"))
  const called = texts.flatMap((lua) => [...lua.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name]) => name))
  expect(commandsAsked).toEqual(expect.arrayContaining(called))
})

test("the documented rights are those that are tested, and suffice", async () => {
  expect(readFileSync(docs, "utf8")).toContain(aclRule)
  const engine = await openAs("whole")
  expect(engine.status().state).toBe("ready")
  await engine.close()
})

test.each([
  ["channelless", /may not use SPUBLISH, SSUBSCRIBE/],
  ["trimless", /may not use XTRIM/],
  ["scriptless", /EVAL.*docs\/redis\.md/],
  ["roleless", /ROLE.*docs\/redis\.md/],
  ["elsewhere", /may not use DEL, EXISTS.* on what begins with "everthread:"/],
])("%s is refused before anything is served, and told what is missing", async (user, missing) => {
  await expect(openAs(user)).rejects.toMatchObject({ code: "unusable", message: expect.stringMatching(missing) })
})

test("a wrong password is told as one, without being told", async () => {
  const failure = await openAs("whole", "wr0ng").catch((error: Error) => error)
  expect(failure).toMatchObject({ code: "unusable", message: expect.stringMatching(/user name or the password/) })
  expect(String((failure as Error).message)).not.toContain("wr0ng")
  await expect(openRedisEngine({ url: `redis://127.0.0.1:${server?.port}` })).rejects.toMatchObject({
    code: "unusable",
    message: expect.stringMatching(/wants a password/),
  })
})
