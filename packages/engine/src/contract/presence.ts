/** Presence: who is here, by device, however many connections it has. */
import { describe, expect, test } from "vitest"
import { engineForEachTest, freshId, type OpenEngine } from "./under-test.ts"

export function presenceContract(open: OpenEngine): void {
  describe("presence", () => {
    const current = engineForEachTest(open)
    const phone = { user: "ada", device: "phone", node: "node-a" }

    test("[SIM4] a device comes with its first connection and goes with its last, on any node", async () => {
      const { presence } = current().engine
      const conversation = freshId("conversation")
      const elsewhere = { ...phone, node: "node-b" }
      expect(await presence.enter(conversation, phone)).toBe(true)
      expect(await presence.enter(conversation, phone)).toBe(false)
      expect(await presence.enter(conversation, elsewhere)).toBe(false)
      expect(await presence.leave(conversation, phone)).toBe(false)
      expect(await presence.leave(conversation, phone)).toBe(false)
      expect(await presence.present(conversation)).toEqual([elsewhere])
      expect(await presence.leave(conversation, elsewhere)).toBe(true)
      expect(await presence.present(conversation)).toEqual([])
    })

    test("[SIM4] devices are told apart by user, device and conversation", async () => {
      const { presence } = current().engine
      const [one, two] = [freshId("conversation"), freshId("conversation")]
      const others = [
        { ...phone, device: "laptop" },
        { ...phone, user: "bob" },
      ]
      for (const device of [phone, ...others]) expect(await presence.enter(one, device)).toBe(true)
      expect(await presence.enter(two, phone)).toBe(true)
      expect(await presence.present(one)).toHaveLength(3)
      expect(await presence.present(two)).toEqual([phone])
    })

    test("[SIM4] leaving without having come changes nothing", async () => {
      const { presence } = current().engine
      const conversation = freshId("conversation")
      expect(await presence.leave(conversation, phone)).toBe(false)
      expect(await presence.enter(conversation, phone)).toBe(true)
      expect(await presence.present(conversation)).toEqual([phone])
    })

    test("[SIM4] one device is here for as long as it is on any node", async () => {
      const { presence } = current().engine
      const conversation = freshId("conversation")
      const elsewhere = { ...phone, node: "node-b" }
      const isHere = () => presence.isPresent(conversation, { user: "ada", device: "phone" })
      expect(await isHere()).toBe(false)
      await presence.enter(conversation, phone)
      await presence.enter(conversation, elsewhere)
      await presence.leave(conversation, phone)
      expect(await isHere()).toBe(true)
      expect(await presence.isPresent(conversation, { user: "ada", device: "laptop" })).toBe(false)
      expect(await presence.isPresent(freshId("conversation"), phone)).toBe(false)
      await presence.leave(conversation, elsewhere)
      expect(await isHere()).toBe(false)
    })

    test("[SIM4] however quickly a device comes and goes, what remains is whether it is connected", async () => {
      const { presence } = current().engine
      const conversation = freshId("conversation")
      const steps = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? presence.enter(conversation, phone) : presence.leave(conversation, phone),
      )
      await Promise.all(steps)
      expect(await presence.present(conversation)).toEqual([])
      await Promise.all([...steps, presence.enter(conversation, phone)])
      expect(await presence.present(conversation)).toEqual([phone])
    })
  })
}
