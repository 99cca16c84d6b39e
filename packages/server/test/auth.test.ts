import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Clock, systemClock } from "@everthread/protocol"
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose"
import { createAuthenticator, mintToken, type Verified } from "../src/auth/index.ts"
import type { AuthConfig, AuthKeys } from "../src/config/index.ts"

const nowMs = 1_800_000_000_000
const nowSeconds = nowMs / 1_000
const clock: Clock = { ...systemClock, now: () => nowMs }
const secret = "0123456789abcdef0123456789abcdef"
const claims: JWTPayload = { sub: "ada", exp: nowSeconds + 60 }

const configOf = (keys: AuthKeys, more: Partial<AuthConfig> = {}): AuthConfig => ({
  keys,
  audience: undefined,
  issuer: undefined,
  clockToleranceMs: 5_000,
  ...more,
})

const signed = (payload: JWTPayload, key = secret, alg = "HS256") =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key))

const without = (name: keyof JWTPayload) => {
  const { [name]: _gone, ...rest } = claims
  return rest
}

function refusalOf(verified: Verified): string {
  if (verified.ok) throw new Error("The token was accepted.")
  return `${verified.error.code}: ${verified.error.message}`
}

describe("tokens signed with a secret", () => {
  const open = (more: Partial<AuthConfig> = {}) =>
    createAuthenticator(configOf({ mode: "secret", secret }, more), clock)

  test("[AUT1] a good token says who it is and until when", async () => {
    const authenticator = await open()
    expect(authenticator.required).toBe(true)
    expect(await authenticator.verify(await signed(claims))).toEqual({
      ok: true,
      user: "ada",
      expiresAt: nowMs + 60_000,
    })
  })

  test("[AUT1] exp may be off by the clock tolerance and no more", async () => {
    const authenticator = await open()
    expect((await authenticator.verify(await signed({ ...claims, exp: nowSeconds - 4 }))).ok).toBe(true)
    expect(refusalOf(await authenticator.verify(await signed({ ...claims, exp: nowSeconds - 6 })))).toContain("expired")
  })

  test.each<[string, () => Promise<string> | string, string]>([
    ["text that is no token", () => "ada", "not a valid JWT"],
    ["an empty token", () => "", "not a valid JWT"],
    ["an expired one", () => signed({ ...claims, exp: nowSeconds - 60 }), "expired"],
    ["one that is not valid yet", () => signed({ ...claims, nbf: nowSeconds + 60 }), "not valid yet"],
    ["one without exp", () => signed(without("exp")), "lacks the claim exp"],
    ["one without sub", () => signed(without("sub")), "lacks the claim sub"],
    ["a sub with a space", () => signed({ ...claims, sub: "ada lovelace" }), "not a user's id"],
    ["a sub that is too long", () => signed({ ...claims, sub: "a".repeat(129) }), "at most 128 characters"],
    ["an empty sub", () => signed({ ...claims, sub: "" }), "not a user's id"],
    ["another secret", () => signed(claims, "f".repeat(32)), "signature is wrong"],
    ["another algorithm of secrets", () => signed(claims, secret.repeat(2), "HS512"), "algorithm"],
    ["alg none", () => new UnsecuredJWT(claims).encode(), "algorithm"],
    ["a huge one", () => `${"a".repeat(4_000)}.${"b".repeat(4_000)}.${"c".repeat(4_000)}`, "at most 8192 characters"],
  ])("[AUT1] refuses %s", async (_name, make, reason) => {
    const authenticator = await open()
    const token = await make()
    const refusal = refusalOf(await authenticator.verify(token))
    expect(refusal).toContain("unauthorized: ")
    expect(refusal).toContain(reason)
    if (token !== "" && token !== "ada") expect(refusal).not.toContain(token)
  })

  test("[AUT1] aud and iss are checked where they are set", async () => {
    const authenticator = await open({ audience: "chat", issuer: "https://id.example" })
    const good = { ...claims, aud: ["mail", "chat"], iss: "https://id.example" }
    expect((await authenticator.verify(await signed(good))).ok).toBe(true)
    expect(refusalOf(await authenticator.verify(await signed({ ...good, aud: "mail" })))).toContain("aud")
    expect(refusalOf(await authenticator.verify(await signed({ ...good, iss: "https://evil.example" })))).toContain(
      "iss",
    )
    expect(refusalOf(await authenticator.verify(await signed(claims)))).toMatch(/lacks the claim (aud|iss)/)
  })

  test("a token minted for development is accepted", async () => {
    const named = { audience: "chat", issuer: "dev" }
    const authenticator = await open(named)
    const token = await mintToken({ user: "ada", secret, ttlMs: 3_600_000, ...named }, clock)
    expect(await authenticator.verify(token)).toEqual({ ok: true, user: "ada", expiresAt: nowMs + 3_600_000 })
  })

  test("a short secret is refused at start, with how to make one", async () => {
    const opening = createAuthenticator(configOf({ mode: "secret", secret: "hunter2" }), clock)
    await expect(opening).rejects.toThrow(/has 7 bytes and needs at least 32.*openssl rand/)
    await expect(mintToken({ user: "ada", secret: "hunter2", ttlMs: 1 }, clock)).rejects.toThrow("at least 32")
  })
})

describe("tokens signed with a key pair", () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "everthread-auth-"))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function pairOf(alg: string) {
    const pair = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg }
    const sign = (payload: JWTPayload, kid = "k1") =>
      new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(pair.privateKey)
    return { ...pair, jwk, sign }
  }

  async function openFile(keys: readonly object[]) {
    const file = join(folder, "jwks.json")
    await writeFile(file, JSON.stringify({ keys }))
    return createAuthenticator(configOf({ mode: "jwks-file", file }), clock)
  }

  test.each(["RS256", "ES256", "EdDSA"])("[AUT1] takes %s from a file of keys", async (alg) => {
    const pair = await pairOf(alg)
    const authenticator = await openFile([pair.jwk])
    expect(await authenticator.verify(await pair.sign(claims))).toMatchObject({ ok: true, user: "ada" })
    const other = await pairOf(alg)
    expect(refusalOf(await authenticator.verify(await other.sign(claims)))).toContain("signature is wrong")
    expect(refusalOf(await authenticator.verify(await other.sign(claims, "k2")))).toContain("a key this server lacks")
  })

  test("[AUT1] refuses HS256 signed with the public key as if it were a secret", async () => {
    const pair = await pairOf("RS256")
    const authenticator = await openFile([pair.jwk])
    const confused = await signed(claims, await exportSPKI(pair.publicKey))
    expect(refusalOf(await authenticator.verify(confused))).toContain("algorithm")
  })

  test("[AUT1] a file that is missing or no key set is refused at start", async () => {
    const open = (file: string) => createAuthenticator(configOf({ mode: "jwks-file", file }), clock)
    await expect(open(join(folder, "none.json"))).rejects.toThrow(/auth.jwks_file .*none.json/)
    await writeFile(join(folder, "bad.json"), "[]")
    await expect(open(join(folder, "bad.json"))).rejects.toThrow("not a readable JSON Web Key Set")
  })

  test("[AUT1] keys come from a URL, once; where the issuer is away, the client may try again", async () => {
    const pair = await pairOf("ES256")
    let requests = 0
    let status = 500
    const issuer = createServer((_request, response) => {
      requests += 1
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys: [pair.jwk] }))
    })
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve))
    try {
      const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`
      const authenticator = await createAuthenticator(configOf({ mode: "jwks-url", url }), clock)
      const token = await pair.sign(claims)
      expect(await authenticator.verify(token)).toMatchObject({
        ok: false,
        error: { code: "unavailable", retryable: true },
      })
      status = 200
      for (let turn = 0; turn < 3; turn++) expect((await authenticator.verify(token)).ok).toBe(true)
      const unknown = await (await pairOf("ES256")).sign(claims, "k9")
      for (let turn = 0; turn < 3; turn++)
        expect(refusalOf(await authenticator.verify(unknown))).toContain("unauthorized")
      expect(requests).toBe(2)
    } finally {
      issuer.close()
    }
  })

  test("an issuer that cannot be reached is `unavailable`", async () => {
    const pair = await pairOf("ES256")
    const away = createServer()
    await new Promise<void>((resolve) => away.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(away.address() as AddressInfo).port}/jwks.json`
    await new Promise((resolve) => away.close(resolve))
    const authenticator = await createAuthenticator(configOf({ mode: "jwks-url", url }), clock)
    expect(refusalOf(await authenticator.verify(await pair.sign(claims)))).toContain("unavailable")
  })
})

test("with authentication off nothing is required and no token is believed", async () => {
  const authenticator = await createAuthenticator(configOf({ mode: "off" }), clock)
  expect(authenticator.required).toBe(false)
  expect(refusalOf(await authenticator.verify(await signed(claims)))).toContain("Authentication is off")
})
