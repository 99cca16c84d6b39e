/** Where a chat goes, and as whom: from what was typed, and back into a command that can be typed. */
import { commandFor, completeOptions, conversationOf } from "../src/chat/options.ts"

test("options are completed: the address, who it is, and where", () => {
  const flags = { url: "http://chat.example" }
  const options = completeOptions({ ...flags, user: "ada", device: "d" }, false)
  expect(options).toMatchObject({ url: "ws://chat.example/v1", user: "ada", device: "d", mode: "plain" })
  expect(conversationOf(options, "ada")).toBe("lobby")
  const withToken = completeOptions({ url: "wss://chat.example/v1", token: "t" }, true)
  expect(withToken).toMatchObject({ url: "wss://chat.example/v1", user: undefined, mode: "screen" })
  expect(conversationOf(withToken, "ada")).toBe("~ada")
  // A script gives up in time; a person sees that nothing answers.
  expect([options.waitMs, withToken.waitMs]).toEqual([15_000, undefined])
  expect(completeOptions({ ...flags, wait: 2 }, true).waitMs).toBe(2_000)
})

test("the command that opens a fork finds the same server, as the same user", () => {
  const there = completeOptions({ url: "ws://127.0.0.1:9000", agent: "critic" }, true)
  expect(commandFor("c", there, "ada")).toBe(
    "npx everthread chat --url ws://127.0.0.1:9000 --user ada --agent critic --conversation c",
  )
  const withToken = completeOptions({ url: "ws://127.0.0.1:8765", token: "t" }, true)
  expect(commandFor("c", withToken, "ada")).toBe("npx everthread chat --token … --conversation c")
  const fromEnvironment = completeOptions({ url: "ws://127.0.0.1:8765", token: "t" }, true, false)
  expect(commandFor("c", fromEnvironment, "ada")).toBe("npx everthread chat --conversation c")
})
