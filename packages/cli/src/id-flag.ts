/** A flag that is an id: of a user, a device, a conversation. Without the schemas, which every `--help` would wait for. */
import { type IdRule, idRules, limits } from "@everthread/protocol"
import { InvalidArgumentError } from "commander"

const rules: readonly IdRule[] = Object.values(idRules(limits.idCharsMax, "an id"))

export function toId(text: string): string {
  const broken = rules.find(({ holds }) => !holds(text))
  if (!broken) return text
  throw new InvalidArgumentError(`${broken.message}.`)
}
