/**
 * What tokens are checked with, and by which algorithms. (SPEC AUT1)
 *
 * The algorithms are pinned to the kind of key: a server with public keys never takes HS256, or
 * anyone could sign with the public key as if it were a secret; `none` is in no list.
 */
import { readFile } from "node:fs/promises"
import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey } from "jose"
import type { AuthKeys } from "../config/config.ts"
import { ConfigError } from "../config/config-error.ts"

export interface Keys {
  readonly algorithms: readonly string[]
  readonly get: JWTVerifyGetKey
}

const secretBytesMin = 32
const publicKeyAlgorithms = ["RS256", "ES256", "EdDSA"]

/** How long an issuer may take to hand out its keys; connections with a token wait for it. */
const jwksTimeoutMs = 5_000
/** An unknown key id asks the issuer again at most this often, so that bad tokens cannot flood it. */
const jwksCooldownMs = 30_000

/** @throws ConfigError where the keys cannot be used. */
export async function openKeys(keys: Exclude<AuthKeys, { mode: "off" }>): Promise<Keys> {
  switch (keys.mode) {
    case "secret": {
      const secret = secretBytes(keys.secret)
      return { algorithms: ["HS256"], get: async () => secret }
    }
    case "jwks-url": {
      const options = { timeoutDuration: jwksTimeoutMs, cooldownDuration: jwksCooldownMs }
      return { algorithms: publicKeyAlgorithms, get: createRemoteJWKSet(new URL(keys.url), options) }
    }
    case "jwks-file":
      return { algorithms: publicKeyAlgorithms, get: await localKeys(keys.file) }
  }
}

/** @throws ConfigError for a secret that can be guessed by trying. */
export function secretBytes(secret: string): Uint8Array {
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length >= secretBytesMin) return bytes
  throw new ConfigError([
    {
      en: `auth.secret has ${bytes.length} bytes and needs at least ${secretBytesMin}. Make one with: openssl rand -base64 32`,
      zh: `auth.secret 只有 ${bytes.length} 字节，至少需要 ${secretBytesMin} 字节。可用 openssl rand -base64 32 生成。`,
    },
  ])
}

async function localKeys(file: string): Promise<JWTVerifyGetKey> {
  try {
    return createLocalJWKSet(JSON.parse(await readFile(file, "utf8")))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigError([
      {
        en: `auth.jwks_file ${file} is not a readable JSON Web Key Set: ${why}`,
        zh: `auth.jwks_file ${file} 不是可读取的 JSON Web Key Set：${why}`,
      },
    ])
  }
}
