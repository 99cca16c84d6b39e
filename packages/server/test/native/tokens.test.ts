/** Tokens at the door, in band, and at their end. */
import { createHmac } from "node:crypto"
import { protocolVersion } from "@everthread/protocol"
import { nodeForTests } from "../support/start-node.ts"

const secret = "a secret that is long enough for HS256, surely"
const current = nodeForTests({ secret, audience: "chat" })
const goodToken = (user: string, ttlMs = 60_000) => current().token(user, { ttlMs, audience: "chat" })

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** A token as somebody who is not this project would make it. */
function forged(header: object, claims: object, key = secret): string {
  const signed = `${base64(header)}.${base64(claims)}`
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`
}

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600
const claims = () => ({ sub: "ada", aud: "chat", exp: inAnHour() })
const hs256 = { alg: "HS256" }

const bad: [string, () => string | Promise<string>][] = [
  ["nothing", () => ""],
  ["not a token", () => "abc"],
  ["expired", () => forged(hs256, { ...claims(), exp: 1_000_000 })],
  ["algorithm none", () => `${base64({ alg: "none" })}.${base64(claims())}.`],
  ["algorithm none, signed", () => forged({ alg: "none" }, claims())],
  ["another algorithm", () => forged({ alg: "HS512" }, claims())],
  ["the wrong secret", () => forged(hs256, claims(), "another secret that is long enough")],
  ["a changed payload", () => forged(hs256, claims()).replace(/\.[^.]*\./, `.${base64({ ...claims(), sub: "eve" })}.`)],
  ["the wrong audience", () => forged(hs256, { ...claims(), aud: "mail" })],
  ["no audience", () => forged(hs256, { sub: "ada", exp: inAnHour() })],
  ["no end", () => forged(hs256, { sub: "ada", aud: "chat" })],
  ["no subject", () => forged(hs256, { aud: "chat", exp: inAnHour() })],
  ["a subject that is no id", () => forged(hs256, { ...claims(), sub: "a b\n" })],
  ["a subject that is no text", () => forged(hs256, { ...claims(), sub: { user: "ada" } })],
  ["not valid yet", () => forged(hs256, { ...claims(), nbf: inAnHour() })],
  ["of another user", () => goodToken("eve")],
]

describe("tokens", () => {
  test.each(bad)("[AUT1] a hello is refused whose token is: %s", async (_, make) => {
    const client = await current().open()
    const token = await make()
    client.send({ type: "hello", protocol: protocolVersion, user: "ada", device: "phone", token })
    const { error } = await client.first("error")
    expect(error.code).toBe("unauthorized")
    expect(["token", "user"]).toContain(error.field)
    expect(error.message.length).toBeGreaterThan(10)
    if (token.length > 20) expect(JSON.stringify([error, current().log.lines])).not.toContain(token)
    expect(await client.closed).toEqual({ code: 4401, reason: "unauthorized" })
  })

  test("[AUT1] a hello without a token is refused, and one without a user is whoever the token says", async () => {
    const without = await current().open()
    without.send({ type: "hello", protocol: protocolVersion, user: "ada", device: "phone" })
    expect(await without.first("error")).toMatchObject({ error: { code: "unauthorized", field: "token" } })
    expect((await without.closed).code).toBe(4401)
    const nameless = await current().open()
    nameless.send({ type: "hello", protocol: protocolVersion, device: "phone", token: await goodToken("ada") })
    expect(await nameless.first("welcome")).toMatchObject({ user: "ada" })
  })

  test("[AUT2] a connection ends with its token, and is told why", async () => {
    const token = forged(hs256, { sub: "ada", aud: "chat", exp: Math.floor(Date.now() / 1_000) + 1 })
    const client = await current().connect({ user: "ada", token })
    expect(await client.first("error")).toMatchObject({ error: { code: "unauthorized", retryable: true } })
    expect(await client.closed).toEqual({ code: 4401, reason: "unauthorized" })
  })

  test("[AUT2] a fresh token in band keeps it alive, and one of somebody else changes nothing", async () => {
    const end = Math.floor(Date.now() / 1_000) + 1
    const short = forged(hs256, { sub: "ada", aud: "chat", exp: end })
    const client = await current().connect({ user: "ada", token: short })
    const doomed = await current().connect({ user: "ada", device: "tablet", token: short })
    expect(await client.refusal({ type: "token", token: await goodToken("eve") })).toMatchObject({
      code: "unauthorized",
    })
    expect(await client.refusal({ type: "token", token: "abc" })).toMatchObject({ code: "unauthorized" })
    const renewed = await client.must({ type: "token", token: await goodToken("ada") })
    expect(renewed["expiresAt"]).toBeGreaterThan(end * 1_000)
    // The other device had the same token: when it is let go, the first one's old end has passed too.
    expect((await doomed.closed).code).toBe(4401)
    await client.must({ type: "ping" })
    expect(client.socket.readyState).toBe(client.socket.OPEN)
  })
})
