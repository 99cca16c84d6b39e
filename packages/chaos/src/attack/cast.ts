/** Who is in an attack, by name: all of it carries one prefix that nobody else has, but where one token says who everybody is. */
import type { Random } from "@everthread/protocol"
import type { People } from "./attack-options.ts"

export interface Cast {
  /** What every name begins with. */
  readonly prefix: string
  readonly conversations: readonly string[]
  readonly members: readonly string[]
  readonly devices: readonly { readonly user: string; readonly device: string }[]
  /** Says everything several times. */
  readonly stutterer: string
  readonly tokens: ReadonlyMap<string, string>
}

const names = ["ada", "bob", "cyd", "dan", "eve", "fay", "gil", "hal"]
/** Devices of the first user. */
const ofFirst = 2
const ofOne = 6
const conversationsCount = 2

export async function castOf(people: People, random: Random): Promise<Cast> {
  const prefix = `chaos-${random.id(6)}`
  const conversations = Array.from({ length: conversationsCount }, (_, index) => `${prefix}-talk-${index + 1}`)
  if (people.kind === "one")
    return { ...oneUser(people.user, prefix), conversations, tokens: new Map([[people.user, people.token]]) }
  const members = names.map((name) => `${prefix}-${name}`)
  const stutterer = `${prefix}-echo`
  const users = [...Array.from({ length: ofFirst }, () => members[0] ?? ""), ...members.slice(1)]
  const devices = users.map((user, index) => ({ user, device: `device-${index + 1}` }))
  const tokens = new Map<string, string>()
  for (const user of [...members, stutterer]) {
    const token = await people.tokenOf(user)
    if (token !== undefined) tokens.set(user, token)
  }
  return { prefix, conversations, members: [...members, stutterer], devices, stutterer, tokens }
}

function oneUser(user: string, prefix: string) {
  const devices = Array.from({ length: ofOne }, (_, index) => ({ user, device: `${prefix}-${index + 1}` }))
  return { prefix, members: [user], devices, stutterer: user }
}
