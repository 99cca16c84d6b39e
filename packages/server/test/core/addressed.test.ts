/** For whom a message is. */
import { addressedAgent } from "../../src/core/commands/addressed.ts"

const names = ["support", "support-eu", "critic", "助手"]

test.each<[text: string, own: string | undefined, agent: string | undefined]>([
  ["hello", undefined, undefined],
  ["hello", "critic", "critic"],
  ["@support hello", undefined, "support"],
  ["@support hello", "critic", "support"],
  ["@support", undefined, "support"],
  ["@support, hello", undefined, "support"],
  ["@support，你好", undefined, "support"],
  ["@助手 你好", undefined, "助手"],
  ["@support-eu: hello", undefined, "support-eu"],
  ["@supporters unite", undefined, undefined],
  ["@support-us hello", "critic", "critic"],
  ["@support_2", undefined, undefined],
  ["@nobody hello", undefined, undefined],
  ["@nobody hello", "critic", "critic"],
  [" @support hello", undefined, undefined],
  ["ask @support", undefined, undefined],
  ["@", undefined, undefined],
  ["@@support", undefined, undefined],
])("[AGT6] %j in a conversation of %s is for %s", (text, own, agent) => {
  expect(addressedAgent({ text }, own, names)).toBe(agent)
})

test("[AGT6] a command that names an agent is for that one, whatever its text begins with", () => {
  expect(addressedAgent({ text: "@support hello", agent: "critic" }, undefined, names)).toBe("critic")
})
