/** What the shows' commands have in common: where they are seen, and how their flags are read. */
import { redisUrl } from "@everthread/server/config"
import { InvalidArgumentError } from "commander"
import { paintFor } from "../chat/style.ts"
import type { CliContext } from "../context.ts"
import { emptyStage, type Output, plainStage, type Stage, TerminalStage } from "./stage.ts"
import type { DemoTexts } from "./texts.ts"

export const portDefault = 9_000
/** Two more follow it. */
const portMax = 65_533

/** The screen's size is asked for with each drawing: a window may be pulled larger. */
export function outputOf({ out }: CliContext): Output {
  const { stdout } = process
  return {
    get columns() {
      return stdout.columns
    },
    get rows() {
      return stdout.rows
    },
    write: out,
  }
}

export function stageFor(json: boolean, output: Output, { env, clock }: CliContext): Stage {
  if (json) return emptyStage
  // A terminal that says it is dumb obeys no sequence at all.
  if (process.stdout.isTTY !== true || env["TERM"] === "dumb") return plainStage({ output })
  return new TerminalStage({ output, paint: paintFor(true, env), clock })
}

export function checkedPort(text: string, texts: DemoTexts): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > portMax) throw new InvalidArgumentError(texts.badPort)
  return port
}

export function checkedUrl(text: string, texts: DemoTexts): string {
  if (redisUrl.parse(text) !== undefined) return text
  throw new InvalidArgumentError(texts.badUrl)
}
