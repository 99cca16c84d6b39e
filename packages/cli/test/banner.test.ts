import { loadConfig } from "@everthread/server/config"
import { banner, isLoopback, urlOf } from "../src/serve/banner.ts"

function shown(
  env: Record<string, string>,
  port = 8765,
  agents: readonly string[] = ["demo"],
  agentsAway: readonly string[] = [],
) {
  const { config } = loadConfig({ env, flags: {} })
  const facts = {
    version: "0.1.0",
    config,
    port,
    agents,
    agentsAway,
    engine: "embedded (LMDB at ./data)",
    isDemo: true,
    hasWebApp: true,
  }
  return banner(facts, "en")
}

const secret = "0123456789abcdef0123456789abcdef"

test("says where it is, what it serves and what to type", () => {
  expect(shown({})).toContain("ready at ws://127.0.0.1:8765")
  expect(shown({})).toContain("agents  demo")
  expect(shown({})).toContain("web     http://127.0.0.1:8765")
  expect(shown({})).toContain("  npx everthread chat --user ada\n  npx everthread chat --user bob\n")
})

test("the lines to paste name another address and a token where they are needed", () => {
  const text = shown({ JWT_SECRET: secret, WEBSOCKET_HOST: "0.0.0.0" }, 9000)
  expect(text).toContain(
    "npx everthread chat --user ada --url ws://127.0.0.1:9000 --conversation lobby --token $(npx everthread token --user ada)",
  )
  // Both come into the same conversation, and its owner has to let the other one in.
  expect(text).toMatch(/--user ada .*\n +\/invite bob .*\n.*--user bob .*--conversation lobby /)
  expect(shown({})).not.toContain("/invite")
  expect(text).not.toContain(secret)
})

test("warns loudly where strangers can connect without a token, and only there", () => {
  expect(shown({ WEBSOCKET_HOST: "0.0.0.0" })).toContain("WARNING: authentication is off")
  expect(shown({ WEBSOCKET_HOST: "0.0.0.0", JWT_SECRET: secret })).not.toContain("WARNING")
  expect(shown({})).not.toContain("WARNING")
  expect(shown({ WEBSOCKET_HOST: "0.0.0.0" })).not.toContain("fine on this machine")
  expect(shown({})).toContain("fine on this machine")
})

test("[NOD6] a gateway that knows no agents says how there come to be some, and a worker where its pages are", () => {
  const redis = { REDIS_URL: "redis://127.0.0.1" }
  expect(shown({ ...redis, EVERTHREAD_ROLE: "gateway" }, 8765, [])).toContain(
    "agents  none yet; they run on nodes with",
  )
  // What was served yesterday is not what is served.
  expect(shown({ ...redis, EVERTHREAD_ROLE: "gateway" }, 8765, ["alpha"], ["beta"])).toContain(
    "agents  alpha\n          not served at the moment: beta\n",
  )
  const worker = shown({ ...redis, EVERTHREAD_ROLE: "agent", WEBSOCKET_HOST: "0.0.0.0" }, 9000)
  expect(worker).toContain("runs agents; how it is: http://127.0.0.1:9000/readyz\n\n  agents  demo\n")
  expect(worker).not.toMatch(/ws:|chat|WARNING|auth/)
})

test("knows which addresses are this machine's own", () => {
  expect(["127.0.0.1", "127.1.2.3", "localhost", "::1"].map(isLoopback)).toEqual([true, true, true, true])
  expect(["0.0.0.0", "::", "10.0.0.1", "127.example.com"].map(isLoopback)).toEqual([false, false, false, false])
  expect(urlOf("::1", 1)).toBe("ws://[::1]:1")
})
