/** Where an upgrade leads, and whose pages may ask for one. */
import type { IncomingMessage } from "node:http"
import { nativeGateway } from "../../src/gateways/native/gateway.ts"
import { route } from "../../src/http/upgrade.ts"

interface Asked {
  readonly url?: string
  readonly origin?: string
  readonly host?: string
  readonly auth?: boolean
  readonly origins?: readonly string[]
}

function routed({ url = "/v1", origin, host = "chat.example:8765", auth = false, origins = [] }: Asked) {
  const headers = { host, ...(origin === undefined ? {} : { origin }) }
  return route({ url, headers } as IncomingMessage, [nativeGateway], { authRequired: auth, origins })
}

describe("an upgrade", () => {
  test("goes to the gateway of its path, whatever the query", () => {
    expect(routed({ url: "/v1?x=1" })).toEqual({ kind: "gateway", gateway: nativeGateway })
  })

  test.each(["/v2", "/v1/", "/V1", "//", "/%76%31"])("to %s is refused and told where to go", (url) => {
    expect(routed({ url })).toMatchObject({
      kind: "refused",
      status: "404 Not Found",
      text: expect.stringContaining("/v1"),
    })
  })

  test.each([
    ["none, as programs send none", undefined],
    ["this server's own, by its address", "http://192.0.2.7:8765", "192.0.2.7:8765"],
    ["this machine's", "http://localhost:5173"],
    ["this machine's by address", "http://127.0.0.1:3000"],
    ["this machine's by v6 address", "http://[::1]:3000"],
  ])("[CON6] without authentication an origin passes that is %s", (_, origin, host = "chat.example:8765") => {
    expect(routed(origin === undefined ? { host } : { origin, host }).kind).toBe("gateway")
  })

  test("[CON6] without authentication a name that its owner has pointed at this machine is refused", () => {
    const rebound = { origin: "http://evil.example:8765", host: "evil.example:8765" }
    expect(routed(rebound)).toMatchObject({ kind: "refused", status: "403 Forbidden" })
  })

  test.each(["http://evil.example", "http://chat.example", "http://localhost.evil.example", "null", "nonsense", ""])(
    "[CON6] without authentication the origin %j is refused",
    (origin) => {
      expect(routed({ origin })).toMatchObject({ kind: "refused", status: "403 Forbidden" })
    },
  )

  test("[CON6] without authentication the origins that are configured pass", () => {
    const origins = ["https://chat.example"]
    expect(routed({ origin: "https://chat.example", origins }).kind).toBe("gateway")
    expect(routed({ origin: "https://chat.example:8443", origins }).kind).toBe("refused")
  })

  test("[AUT1] with authentication the token decides, not the origin", () => {
    expect(routed({ origin: "http://app.example", auth: true }).kind).toBe("gateway")
  })
})
