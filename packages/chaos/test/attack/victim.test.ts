/** Whom an attack may hit. */
import { isLoopback, refusedHosts, victimOf } from "../../src/attack/victim.ts"

test.each([
  ["ws://127.0.0.1:8765", { host: "127.0.0.1", port: 8765 }],
  ["ws://[::1]:9", { host: "::1", port: 9 }],
  ["ws://node.example", { host: "node.example", port: 80 }],
  ["wss://127.0.0.1:8765", undefined],
  ["ws://127.0.0.1:8765/chat", undefined],
  ["ws://ada:secret@127.0.0.1:8765", undefined],
  ["127.0.0.1:8765", undefined],
])("%s", (url, victim) => expect(victimOf(url)).toEqual(victim))

test.each(["127.0.0.1", "127.3.2.1", "localhost", "::1"])("%s is on this machine", (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each(["127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", "0.0.0.0", "example.com", ""])(
  "%s is not",
  (host) => {
    expect(isLoopback(host)).toBe(false)
  },
)

test("[CHA1] another machine may be harmed only if both was said, and only the one that was named", () => {
  const hosts = ["127.0.0.1", "a.example", "b.example", "a.example"]
  expect(refusedHosts(hosts, { mayHarm: false, hosts: [] })).toEqual(["a.example", "b.example"])
  expect(refusedHosts(hosts, { mayHarm: true, hosts: [] })).toEqual(["a.example", "b.example"])
  expect(refusedHosts(hosts, { mayHarm: false, hosts: ["a.example", "b.example"] })).toEqual(["a.example", "b.example"])
  expect(refusedHosts(hosts, { mayHarm: true, hosts: ["a.example"] })).toEqual(["b.example"])
})
