/** What workers say of themselves is known to every node, and their agents outlive them for a while. */
import { describe, expect, test } from "vitest"
import type { Announcement } from "../leases.ts"
import { append, beginConversation, engineForEachTest, freshId, mustBe, type OpenEngine } from "./under-test.ts"

const worker = (more: Partial<Announcement> = {}): Announcement => ({
  owner: freshId("owner"),
  node: "node-a",
  agents: [freshId("agent")],
  isFull: false,
  ...more,
})

export function announcementsContract(open: OpenEngine): void {
  describe("announcements", () => {
    const current = engineForEachTest(open)
    const said = async (owner: string) =>
      (await current().engine.leases.announced()).workers.find((announced) => announced.owner === owner)

    test("[AGT1] what a worker says of itself is known until it withdraws; what it says later replaces it", async () => {
      const { leases } = current().engine
      const one = worker({ node: "a name with spaces and ünïcode" })
      expect(await said(one.owner)).toBeUndefined()
      await leases.announce(one)
      expect(await said(one.owner)).toEqual(one)
      const other = worker({ agents: [] })
      await leases.announce(other)
      const changed = { ...one, agents: [...one.agents, freshId("agent")], isFull: true }
      await leases.announce(changed)
      expect(await said(one.owner)).toEqual(changed)
      await leases.withdraw(changed)
      expect(await said(one.owner)).toBeUndefined()
      expect(await said(other.owner)).toEqual(other)
      await leases.withdraw(changed)
    })

    test("[AGT1] an agent stays known when the last worker that served it is gone", async () => {
      const { leases } = current().engine
      const one = worker()
      await leases.announce(one)
      await leases.withdraw(one)
      expect((await leases.announced()).agents).toEqual(expect.arrayContaining([...one.agents]))
      expect((await leases.announced()).agents).not.toContain(freshId("agent"))
    })

    test("an open run says whom it is for and whose it is, where whoever opened it said so", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const about = { agent: "two words", user: 'ada "the" first' }
      const opened = async (run: string, more: object) =>
        mustBe(await append(engine, conversation, ["open"], { runs: [{ run, state: "open", ...more }] }), "appended")
      await opened("one", { about })
      await opened("two", {})
      const runs = (await engine.leases.openRuns()).filter((run) => run.conversation === conversation)
      expect(runs.map((run) => run.about)).toEqual([about, undefined])
    })
  })
}
