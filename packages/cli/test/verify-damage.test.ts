/** `everthread verify` on stores that were damaged on purpose: each damage is found by its name, and nothing else is. */
import { freshNonce } from "@everthread/engine"
import type { ChatMessage } from "@everthread/protocol"
import { systemRandom } from "@everthread/protocol"
import { type FindingKind, findingKinds } from "../src/verify/finding.ts"
import { ran } from "./fake-context.ts"
import { otherNonce } from "./verify-damage.ts"
import { append, ask, compact, type Deployment, deploy, device, sayLongAgo } from "./verify-deployment.ts"

interface Found {
  readonly kind: FindingKind
  readonly conversation: string
  readonly at: string
  readonly next: string
}

const by = { user: "ada", device: "laptop" }
const many = 260

describe.each(["embedded", "Redis"] as const)("a damaged store: %s", (kind) => {
  let deployment: Deployment
  let found: readonly Found[]
  let code: number
  let texts: { readonly en: string; readonly zh: string }
  const expected = new Map<string, readonly FindingKind[]>()
  const ids = new Map<string, string>()
  const idOf = (name: string) => ids.get(name) ?? name

  /** A conversation of Ada's and Bob's, in which so many messages were said. */
  async function talk(name: string, messages = 12, user = "ada"): Promise<string> {
    const client = device(deployment.node.port, user, freshNonce(systemRandom))
    const { conversation: id } = await client.create({ title: name, members: user === "ada" ? ["bob"] : [] })
    const conversation = client.conversation(id)
    await Promise.all(
      Array.from({ length: messages }, (_, at) => conversation.send(`${name} ${at}`, { key: `k${at}` })),
    )
    client.close()
    ids.set(name, id)
    return id
  }

  /** One in which the agent has answered, with the checkpoints that its log names. */
  async function answered(name: string): Promise<{ id: string; newest: string }> {
    const client = device(deployment.node.port, "ada", "phone")
    const { conversation: id } = await client.create({ title: name, agent: "echo", members: ["bob"] })
    const conversation = client.conversation(id)
    await ask(conversation, "one")
    await ask(conversation, "two")
    const newest = conversation.snapshot().state.runs.at(-1)?.checkpoint ?? ""
    client.close()
    ids.set(name, id)
    return { id, newest }
  }

  /** One that has a snapshot and an archive; its log is whole or trimmed. */
  async function long(name: string, log: "whole" | "trimmed"): Promise<string> {
    const id = await talk(name, 3)
    await sayLongAgo(deployment, id, name, many)
    await compact(deployment, id, log === "whole" ? 10_000 : 40)
    return id
  }

  const messagesOf = async (id: string) => (await deployment.store.engine.log.archived(id, 10_000, 10)) ?? []
  const expect_ = (name: string, ...kinds: FindingKind[]) => void expected.set(idOf(name), kinds)
  const keyOf = async (id: string, key: string): Promise<string> => {
    const { log } = deployment.store.engine
    const read = await log.read(id, "0-0", { entriesMax: 1_000, charsMax: 1_000_000 })
    const entry = read.status === "tail" ? read.entries.find(({ body }) => body.includes(`"key":"${key}"`)) : undefined
    const { by: sender } = JSON.parse(entry?.body ?? "{}") as ChatMessage
    return `${sender?.user} ${sender?.device} ${key}`
  }

  async function damageLogs(): Promise<void> {
    const { damage } = deployment
    await damage.entry(await talk("removed entry"), 7)
    expect_("removed entry", "log-hole")
    await damage.entry(await talk("removed last entry", 10), 13)
    expect_("removed last entry", kind === "Redis" ? "log-hole" : "log-head")
    await damage.entry(await talk("bent entry"), 7, (text) => text.replaceAll('"', "'"))
    expect_("bent entry", "log-unreadable")
    await damage.head(await talk("removed log", 3, "recluse"))
    expect_("removed log", "conversation-empty")
  }

  async function damageSnapshots(): Promise<void> {
    const { damage } = deployment
    const bend = (text: string) => text.replace(/"text":"(bent \S+ 25\d)"/, '"text":"$1 and more"')
    for (const log of ["whole", "trimmed"] as const) {
      const id = await long(`bent ${log}`, log)
      await damage.snapshot(id, bend)
      expect_(`bent ${log}`, "snapshot-differs")
    }
    await damage.snapshot(await long("removed snapshot", "trimmed"))
    expect_("removed snapshot", "snapshot-missing")
    await damage.snapshot(await long("astray snapshot", "whole"), (text) => text.replace(/-\d+/, `-${otherNonce()}`))
    expect_("astray snapshot", "snapshot-astray")
    await damage.snapshot(await long("broken snapshot", "whole"), (text) => text.slice(0, 1_000))
    expect_("broken snapshot", "snapshot-astray")
  }

  async function damageArchives(): Promise<void> {
    const { damage } = deployment
    for (const log of ["whole", "trimmed"] as const) {
      const id = await long(`lacking ${log}`, log)
      await damage.archived(id, (await messagesOf(id))[3]?.seq ?? 0)
      expect_(`lacking ${log}`, "archive-hole")
    }
    const bent = await long("bent archive", "whole")
    await damage.archived(bent, (await messagesOf(bent))[3]?.seq ?? 0, (text) => text.replace("bent archive", "bent"))
    expect_("bent archive", "archive-differs")
    const uncut = await long("uncut archive", "whole")
    await append(deployment, uncut, { type: "expired", time: Date.now(), upTo: 20, gone: 17 })
    await compact(deployment, uncut, 10_000)
    expect_("uncut archive", "archive-expired")
    // As it should be the log is trimmed through it in the same step.
    const overwritten = await long("overwritten", "whole")
    await damage.overwrite(overwritten)
    expect_("overwritten", "conversation-unreadable")
    const kept = await talk("taken back")
    await append(deployment, kept, { type: "redaction", time: Date.now(), by, message: "m" })
    await compact(deployment, kept, 10_000, { trimThrough: 0 })
    expect_("taken back", "log-taken-back")
  }

  async function damageThreads(): Promise<void> {
    const { damage } = deployment
    const removed = await answered("removed checkpoint")
    await damage.checkpoint(removed.id, removed.newest)
    expect_("removed checkpoint", "checkpoint-missing")
    const broken = await answered("broken checkpoint")
    await damage.checkpoint(broken.id, broken.newest, "unreadable")
    expect_("broken checkpoint", "checkpoint-unreadable")
    const { id } = await answered("foreign checkpoint")
    await putCheckpoint(id)
    expect_("foreign checkpoint", "checkpoint-unnamed")
  }

  /** As somebody's script would, beside the log. */
  async function putCheckpoint(thread: string): Promise<void> {
    const saver = await deployment.store.saver()
    const config = { configurable: { thread_id: thread, checkpoint_ns: "" } }
    const tuple = await saver.getTuple(config)
    if (!tuple) throw new Error("no checkpoint")
    const { emptyCheckpoint, uuid6 } = await import("@langchain/langgraph-checkpoint")
    const writer = saver as unknown as import("@langchain/langgraph-checkpoint").BaseCheckpointSaver
    const metadata = { source: "update", step: 99, parents: {} } as const
    const place = { configurable: { ...config.configurable, checkpoint_id: tuple.checkpoint.id } }
    await writer.put(place, { ...emptyCheckpoint(), id: uuid6(-1) }, metadata, {})
  }

  async function damageFacts(): Promise<void> {
    const { damage } = deployment
    const forgotten = await talk("forgotten key")
    await damage.key(forgotten, await keyOf(forgotten, "k4"))
    expect_("forgotten key", "key-missing")
    const astray = await talk("astray key")
    await damage.key(astray, await keyOf(astray, "k4"), otherNonce)
    expect_("astray key", "key-astray")
    const [unlisted, dangling] = [await talk("unlisted run"), await talk("dangling run")]
    // A worker takes a run that has ended off the list.
    await deployment.stopNode()
    const queued = { type: "run.queued", time: Date.now(), by, run: "r1", agent: "nobody", message: "m" } as const
    await append(deployment, unlisted, queued, "r1")
    await damage.openRun(unlisted, "r1", false)
    expect_("unlisted run", "run-unlisted")
    await damage.openRun(dangling, "r2", true)
    expect_("dangling run", "run-dangling")
    await damage.openRun("no such conversation", "r3", true)
    expect_("no such conversation", "conversation-empty", "run-dangling")
  }

  async function damageMembers(): Promise<void> {
    const { damage } = deployment
    await damage.member(await talk("lost member"), "bob", false)
    expect_("lost member", "member-missing", "membership-dangling")
    await damage.member(await talk("unknown member"), "eve", true)
    expect_("unknown member", "member-unknown", "membership-missing")
    await damage.membership(await talk("lost membership"), "bob", false)
    expect_("lost membership", "membership-missing")
    await damage.membership(await talk("dangling membership", 3, "hermit"), "bob", true)
    expect_("dangling membership", "membership-dangling")
  }

  const verify = (...args: string[]) => ran(["verify", ...deployment.flags, ...args])

  beforeAll(async () => {
    deployment = await deploy(kind)
    for (const name of ["clean", "clean whole", "clean trimmed"]) expected.set(name, [])
    await talk("clean")
    await long("clean whole", "whole")
    await long("clean trimmed", "trimmed")
    await answered("clean agent")
    await damageThreads()
    // Workers mend some of what follows.
    await damageMembers()
    await damageLogs()
    await damageSnapshots()
    await damageArchives()
    await damageFacts()
    await deployment.rest()
    const json = await verify("--json")
    code = json.code
    if (code === 2) throw new Error(json.out)
    found = (JSON.parse(json.out) as { findings: Found[] }).findings
    texts = { en: (await verify()).out, zh: (await verify("--lang", "zh")).out }
  }, 120_000)
  afterAll(() => deployment.end())

  const kindsOf = (conversation: string) =>
    [...new Set(found.filter((one) => one.conversation === conversation).map((one) => one.kind))].sort()

  test("[VER2] [VER3] [VER4] [VER5] [VER6] [VER7] [VER8] each damage is found by its name, and nothing where there is none", () => {
    const names = new Map([...ids].map(([name, id]) => [id, name]))
    const byName = (conversations: Iterable<string>, kinds: (id: string) => readonly string[]) =>
      Object.fromEntries(
        [...conversations].map((id) => [names.get(id) ?? id, kinds(id)] as const).filter(([, of]) => of.length > 0),
      )
    const all = new Set([...expected.keys(), ...found.map(({ conversation }) => conversation)])
    expect(byName(all, kindsOf)).toEqual(byName(all, (id) => [...(expected.get(id) ?? [])].sort()))
    expect(code).toBe(1)
  })

  test("a finding says what to do, in both languages", () => {
    for (const { next } of found) expect(next.length).toBeGreaterThan(20)
    for (const kind of new Set(found.map((one) => one.kind))) {
      expect(texts.en).toContain(`  ${kind}\n`)
      expect(texts.zh).toContain(`  ${kind}\n`)
    }
    expect(texts.en).toContain("Not whole")
    expect(texts.zh).toMatch(/不完整：发现 \d+ 处/)
    expect(new Set(found.map((one) => one.kind)).size).toBeGreaterThan(15)
    expect(findingKinds).toEqual(expect.arrayContaining(found.map((one) => one.kind)))
  })

  test("one conversation, by its id, and nothing of the others", async () => {
    const clean = await verify("--conversation", idOf("clean whole"), "--json")
    expect([clean.code, JSON.parse(clean.out)]).toMatchObject([0, { whole: true, looked: { conversations: 1 } }])
    const damaged = await verify("--conversation", idOf("removed entry"), "--json")
    expect([damaged.code, JSON.parse(damaged.out)]).toMatchObject([1, { findings: [{ kind: "log-hole", at: "7" }] }])
  })
})
