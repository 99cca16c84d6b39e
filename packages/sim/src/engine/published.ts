/** What the store publishes of an append, as the engine on Redis writes it and its delivery reads it. */
import type { Appended, AppendRequest } from "@everthread/engine"
import { headerOf } from "@everthread/engine-redis/parts"
import { parseCursor } from "@everthread/protocol"

export function publishedText(
  request: Pick<AppendRequest, "conversation" | "fence" | "runs">,
  { prev, entries }: Appended,
): string {
  const nonce = parseCursor(entries[0]?.cursor ?? "")?.nonce ?? ""
  return `${headerOf(request)}${[prev, nonce, ...entries.map(({ body }) => body)].join("\n")}`
}
