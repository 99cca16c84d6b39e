/**
 * An attack on a cluster that is there already: people of its own write to each other over ways of its own to the nodes, on which
 * things go wrong; then all is healed and comes to rest, and what everybody saw is judged.
 */
import { streamOf, type View } from "@everthread/sim"
import type { Guest } from "../deployment/deployment.ts"
import { Takes } from "../deployment/takes.ts"
import { Stutterer } from "../nemesis/devices/stutterer.ts"
import { Device, type Place } from "../people/device.ts"
import { headByFirst } from "../people/unrest.ts"
import { writeReport } from "../report/write-report.ts"
import type { AttackOptions, AttackOutcome } from "./attack-options.ts"
import { AttackRecord } from "./attack-record.ts"
import { type Cast, castOf } from "./cast.ts"
import type { Field } from "./field.ts"
import { type Judged, judge } from "./judge.ts"
import { Party } from "./party.ts"
import { type AttackedRedis, openAttackedRedis } from "./redis.ts"
import { scout } from "./scout.ts"
import { makeTrouble } from "./trouble-schedule.ts"
import { fitFor } from "./troubles.ts"
import { placeOn, type Ways, waysTo } from "./ways.ts"

const progressEveryMs = 250

/** @throws Error that says what cannot be reached or who is refused. */
export async function attack(options: AttackOptions): Promise<AttackOutcome> {
  const redis = options.redis === undefined ? undefined : await openAttackedRedis(options.redis, options.redisPrefix)
  try {
    const cast = await castOf(options.people, options.random)
    const scouted = await scout(options.nodes, cast, options.clock)
    const ways = await waysTo(scouted, options.clock)
    try {
      return await new Attack(options, cast, ways, redis).play()
    } finally {
      for (const way of ways.values()) await way.close()
    }
  } finally {
    await redis?.close()
  }
}

class Attack {
  readonly #options: AttackOptions
  readonly #cast: Cast
  readonly #redis: AttackedRedis | undefined
  readonly #record: AttackRecord
  readonly #place: Place
  readonly #party: Party
  readonly #field: Field
  readonly #guests: Guest[] = []

  constructor(options: AttackOptions, cast: Cast, ways: Ways, redis: AttackedRedis | undefined) {
    this.#options = options
    this.#cast = cast
    this.#redis = redis
    this.#record = new AttackRecord(options)
    this.#place = placeOn(ways, streamOf(options.seed, "places"))
    this.#party = new Party(
      cast.devices.map(({ user, device }) => this.#device(user, device)),
      cast.conversations,
    )
    this.#field = this.#fieldOn(ways)
  }

  async play(): Promise<AttackOutcome> {
    const { leftOut } = fitFor(this.#field)
    const judged = await this.#busyTime()
    // Nobody notes anything any more.
    const counts = await this.#record.close(judged)
    const { findings, faults, recorder } = this.#record
    const { operations, acknowledged } = recorder
    const report = await writeReport(this.#options.folder)
    return { cast: this.#cast, findings, counts, operations, acknowledged, faults, leftOut, report }
  }

  /** From when people come until they have gone. @returns what they saw, judged. */
  async #busyTime(): Promise<Judged> {
    const record = this.#record
    const stopWatching = this.#party.devices.map((device) => record.watch(device))
    const timer = setInterval(() => this.#options.progress(record.progress), progressEveryMs)
    try {
      await this.#party.gather(this.#cast.members, this.#options.signal)
      await this.#wreak()
      await this.#party.stopWriting()
      return await this.#judged()
    } finally {
      clearInterval(timer)
      await this.#party.stopWriting()
      for (const stop of stopWatching) stop()
      for (const one of [...this.#guests, ...this.#party.devices]) one.close()
    }
  }

  /** People write, and things go wrong. */
  async #wreak(): Promise<void> {
    const { signal, seed, clock, seconds } = this.#options
    const record = this.#record
    const field = this.#field
    const troubles = fitFor(field)
    record.begun(this.#party, [...field.ways.keys()], troubles)
    this.#options.begun(this.#cast)
    this.#party.startWriting(record.recorder, seed)
    await makeTrouble({
      field,
      troubles: troubles.fit,
      seed,
      ms: seconds * 1_000,
      clock,
      signal,
      began: (name, harm) => record.faultBegan(name, harm),
      failed: (name, error) => record.faultFailed(name, error),
    })
  }

  #device(user: string, device: string): Device {
    return new Device(user, device, this.#place, this.#cast.tokens.get(user))
  }

  #fieldOn(ways: Ways): Field {
    const { clock, random } = this.#options
    const { conversations, stutterer, tokens, members } = this.#cast
    const stage = { toNode: ways, crowd: { conversations } }
    const takes = new Takes([])
    return {
      clock,
      ways,
      conversations,
      guests: this.#guests,
      stranger: () => this.#device(members[0] ?? stutterer, `stranger-${random.id(8)}`),
      stutterer: (seeded) => new Stutterer(stutterer, stage, seeded, clock, tokens.get(stutterer)),
      killSubscribers: this.#redis?.killSubscribers,
      take: (target) => takes.take(target),
    }
  }

  #judged(): Promise<Judged> {
    const { devices, conversations } = this.#party
    const log = this.#redis?.reader.log
    return judge({
      devices,
      guests: this.#guests,
      conversations,
      clock: this.#options.clock,
      store: log && { log },
      headOf: log ? (id) => log.head(id) : headByFirst({ devices }),
      fresh: (id) => this.#freshView(id),
    })
  }

  async #freshView(conversation: string): Promise<View> {
    const device = this.#device(this.#cast.members[0] ?? "", "newcomer")
    try {
      return await viewWhenLive(device, conversation)
    } finally {
      device.close()
    }
  }
}

function viewWhenLive(device: Device, conversation: string): Promise<View> {
  const watched = device.follow(conversation)
  return new Promise((resolve, reject) => {
    const look = () => {
      if (watched.conversation.snapshot().status !== "live") return
      stop()
      watched.view().then(resolve, reject)
    }
    const stop = watched.conversation.subscribe(look)
    look()
  })
}
