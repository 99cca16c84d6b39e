/** What goes wrong in an attack. Nothing of it needs root, and all of it but the end of subscribers' connections is only the attack's own. */
import type { Random } from "@everthread/protocol"
import { anyOf } from "@everthread/sim"
import type { Link } from "../deployment/deployment.ts"
import { again } from "../nemesis/again.ts"
import type { Harm } from "../nemesis/nemesis.ts"
import type { Field, Trouble } from "./field.ts"

const strangers = 10
const cutBetweenMsMax = 1_000
const killBetweenMsMax = 700
const sayBetweenMsMax = 3_000
const tricklesMost = 2_000

/** One way, which nobody else pulls at meanwhile. */
async function harmWay(
  field: Field,
  random: Random,
  harm: (way: Link) => { readonly what: string; readonly mend: () => void },
): Promise<Harm | undefined> {
  const [name, way] = anyOf(random, [...field.ways]) ?? []
  const giveBack = name === undefined ? undefined : field.take(name)
  if (name === undefined || way === undefined || giveBack === undefined) return undefined
  const { what, mend } = harm(way)
  return {
    target: name,
    what,
    async heal() {
      mend()
      giveBack()
    },
  }
}

const cut: Trouble = {
  name: "cut-way",
  about: "all connections to a node are cut, and those who come again get there",
  lastsMs: { least: 0, most: 0 },
  unfit: () => undefined,
  begin: (field, random) =>
    harmWay(field, random, (way) => {
      way.cut()
      return { what: "cut all connections", mend: () => undefined }
    }),
}

const hold: Trouble = {
  name: "hold-way",
  about: "nothing gets through to a node, or back, and nobody is told; then all of it at once",
  lastsMs: { least: 1_000, most: 12_000 },
  unfit: () => undefined,
  begin: (field, random) =>
    harmWay(field, random, (way) => {
      const direction = random.fraction() < 0.5 ? "to-server" : "to-client"
      way.hold(direction)
      const what = direction === "to-server" ? "held what devices sent" : "held what devices were sent"
      return { what, mend: () => way.release() }
    }),
}

const trickle: Trouble = {
  name: "slow-devices",
  about: "all devices of a node are sent a few bytes a second, and the others notice nothing",
  lastsMs: { least: 2_000, most: 10_000 },
  unfit: () => undefined,
  begin: (field, random) =>
    harmWay(field, random, (way) => {
      const rate = 50 + Math.floor(random.fraction() * tricklesMost)
      way.throttle("to-client", rate)
      return { what: `sent devices ${rate} bytes a second`, mend: () => way.release() }
    }),
}

const storm: Trouble = {
  name: "storm",
  about: `all connections are cut again and again, and ${strangers} new devices come with those that come back`,
  lastsMs: { least: 1_000, most: 4_000 },
  unfit: () => undefined,
  async begin(field, random) {
    const giveBack = field.take("network")
    if (!giveBack) return undefined
    const guests = Array.from({ length: strangers }, () => field.stranger())
    for (const guest of guests) for (const conversation of field.conversations) guest.follow(conversation)
    const end = again(random, cutBetweenMsMax, async () => {
      for (const way of field.ways.values()) way.cut()
    })
    const heal = async () => {
      await end()
      for (const guest of guests) guest.close()
      giveBack()
    }
    return { target: "network", what: `cut all connections, again and again, and ${strangers} more came`, heal }
  },
}

const stutter: Trouble = {
  name: "stutter",
  about: "a device says everything two or three times, to several nodes at once, in another order each time",
  lastsMs: { least: 2_000, most: 6_000 },
  unfit: () => undefined,
  async begin(field, random) {
    const giveBack = field.take("stutterer")
    if (!giveBack) return undefined
    const stutterer = field.stutterer(random)
    field.guests.push(stutterer)
    const end = again(random, sayBetweenMsMax, async () => {
      const conversation = anyOf(random, field.conversations)
      if (conversation) stutterer.say(conversation, 1 + Math.floor(random.fraction() * 3))
    })
    return { target: stutterer.name, what: "said everything two or three times", heal: () => end().finally(giveBack) }
  },
}

const cutSubscribers: Trouble = {
  name: "cut-subscribers",
  about: "Redis ends the connections that hear what is published, again and again (CLIENT KILL TYPE pubsub)",
  lastsMs: { least: 500, most: 4_000 },
  unfit: ({ killSubscribers }) => (killSubscribers === undefined ? "no single Redis was given (--redis)" : undefined),
  async begin({ killSubscribers, take }, random) {
    const giveBack = killSubscribers === undefined ? undefined : take("redis")
    if (!giveBack || !killSubscribers) return undefined
    const end = again(random, killBetweenMsMax, killSubscribers)
    return { target: "redis", what: "ended all subscribers' connections", heal: () => end().finally(giveBack) }
  },
}

export const troubles: readonly Trouble[] = [cut, hold, trickle, storm, stutter, cutSubscribers]

export interface FitTroubles {
  readonly fit: readonly Trouble[]
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
}

export function fitFor(field: Field): FitTroubles {
  const judged = troubles.map((trouble) => ({ trouble, why: trouble.unfit(field) }))
  return {
    fit: judged.flatMap(({ trouble, why }) => (why === undefined ? [trouble] : [])),
    leftOut: judged.flatMap(({ trouble: { name }, why }) => (why === undefined ? [] : [{ name, why }])),
  }
}
