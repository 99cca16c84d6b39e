/** Which conversations are looked at: all, those that were named, or a sample. */
import type { EngineReader } from "@everthread/engine"
import type { Random } from "@everthread/protocol"

export interface Choice {
  /** Empty: all. */
  readonly named: readonly string[]
  /** How many at most, by chance; `undefined`: all. */
  readonly sample: number | undefined
}

const pageConversations = 200

export async function* chosen(reader: EngineReader, { named, sample }: Choice, random: Random): AsyncGenerator<string> {
  if (named.length > 0) yield* named
  else if (sample === undefined) yield* every(reader)
  else yield* await someOf(every(reader), sample, random)
}

async function* every({ directory }: EngineReader): AsyncGenerator<string> {
  for (let from: string | undefined; ; ) {
    const page = await directory.every(from, pageConversations)
    yield* page.conversations
    if (page.next === undefined) return
    from = page.next
  }
}

/** Each with the same chance, with memory for those alone that are chosen (Vitter's algorithm R). */
async function someOf(all: AsyncIterable<string>, count: number, random: Random): Promise<string[]> {
  const some: string[] = []
  let seen = 0
  for await (const conversation of all) {
    seen += 1
    const place = some.length < count ? some.length : Math.floor(random.fraction() * seen)
    if (place < count) some[place] = conversation
  }
  return some
}
