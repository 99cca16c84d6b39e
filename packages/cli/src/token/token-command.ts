/** `everthread token`: a token for development, signed with the server's own secret. */
import type { AuthConfig } from "@everthread/server/config"
import { Command, InvalidArgumentError, Option } from "commander"
import { readConfig } from "../config/read-config.ts"
import type { CliContext } from "../context.ts"
import { CliError } from "../failure.ts"
import { toId } from "../id-flag.ts"
import { parseDuration } from "./duration.ts"

const texts = {
  token: { en: "Make a token for development", zh: "生成用于开发的令牌" },
  user: { en: "whom it stands for", zh: "令牌代表的用户" },
  ttl: { en: "how long it is valid: 90s, 15m, 1h, 7d", zh: "有效期：90s、15m、1h、7d" },
  secret: {
    en: "what to sign with, instead of the configuration's auth.secret",
    zh: "签名密钥，默认使用配置中的 auth.secret",
  },
  config: { en: "YAML file with options (CONFIG_FILE)", zh: "YAML 配置文件 (CONFIG_FILE)" },
  example: {
    en: "\nExample:\n  export JWT_SECRET=$(openssl rand -base64 32)\n  npx everthread chat --user ada --token $(npx everthread token --user ada)\n",
    zh: "\n示例：\n  export JWT_SECRET=$(openssl rand -base64 32)\n  npx everthread chat --user ada --token $(npx everthread token --user ada)\n",
  },
} as const

const ttlDefault = "1h"

interface TokenOptions {
  readonly user: string
  readonly ttl: number
  readonly secret?: string
  readonly config?: string
}

export function tokenCommand(context: CliContext): Command {
  const { language } = context
  return new Command("token")
    .description(texts.token[language])
    .requiredOption("--user <id>", texts.user[language], toId)
    .addOption(
      new Option("--ttl <time>", texts.ttl[language]).argParser(toTtl).default(parseDuration(ttlDefault), ttlDefault),
    )
    .option("--secret <secret>", texts.secret[language])
    .option("--config <file>", texts.config[language])
    .addHelpText("after", texts.example[language])
    .action(async (options: TokenOptions) => {
      const { auth } = (await readConfig(context, options.config === undefined ? {} : { config: options.config }))
        .config
      const secret = options.secret ?? secretOf(auth)
      const { audience, issuer } = auth
      // Loaded only now, as all that a command does and its help does not.
      const { mintToken } = await import("@everthread/server/auth")
      const token = await mintToken({ user: options.user, secret, ttlMs: options.ttl, audience, issuer }, context.clock)
      context.out(`${token}\n`)
    })
}

function toTtl(value: string): number {
  const ttlMs = parseDuration(value)
  if (ttlMs !== undefined) return ttlMs
  throw new InvalidArgumentError("It must look like 90s, 15m, 1h or 7d.")
}

function secretOf({ keys }: AuthConfig): string {
  if (keys.mode === "secret") return keys.secret
  if (keys.mode === "off") {
    throw new CliError(
      "There is no secret to sign with.",
      "Set one for the server and this command: export JWT_SECRET=$(openssl rand -base64 32)",
    )
  }
  throw new CliError(
    "This server takes tokens from an issuer whose private key is not here.",
    "Get one from that issuer, or set auth.secret instead of auth.jwks_url or auth.jwks_file for development.",
  )
}
