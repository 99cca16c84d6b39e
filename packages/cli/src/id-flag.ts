/** A flag that is an id: of a user, a device, a conversation. */
import { fields } from "@everthread/protocol/schema"
import { InvalidArgumentError } from "commander"

export function toId(text: string): string {
  const id = fields.id.safeParse(text)
  if (id.success) return id.data
  throw new InvalidArgumentError(`${id.error.issues[0]?.message}.`)
}
