/**
 * An attack on a cluster that is there already: people of its own write to each other over ways of its own to the nodes, on which
 * things go wrong; then all is healed and comes to rest, and what everybody saw is judged.
 */
import type { Clock, Random } from "@everthread/protocol"
import { type Finding, streamOf } from "@everthread/sim"
import type { Guest } from "../deployment/deployment.ts"
import { FaultLink } from "../deployment/fault-link.ts"
import { Takes } from "../deployment/takes.ts"
import { Stutterer } from "../nemesis/devices/stutterer.ts"
import type { Harm } from "../nemesis/nemesis.ts"
import { type Counts, countsOf } from "../people/counts.ts"
import { Device, type Place } from "../people/device.ts"
import { Recorder } from "../record/recorder.ts"
import { writeReport } from "../report/write-report.ts"
import type { AttackOptions, AttackOutcome, Progress } from "./attack-options.ts"
import { type Cast, castOf } from "./cast.ts"
import type { Field } from "./field.ts"
import { judge } from "./judge.ts"
import { Party } from "./party.ts"
import { type AttackedRedis, openAttackedRedis } from "./redis.ts"
import { type Scouted, scout } from "./scout.ts"
import { makeTrouble } from "./trouble-schedule.ts"
import { troubles } from "./troubles.ts"

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

async function waysTo(scouted: readonly Scouted[], clock: Clock): Promise<ReadonlyMap<string, FaultLink>> {
  const ways = new Map<string, FaultLink>()
  for (const { name, victim } of scouted) ways.set(name, await FaultLink.start(() => victim.port, clock, victim.host))
  return ways
}

class Attack {
  readonly #options: AttackOptions
  readonly #cast: Cast
  readonly #redis: AttackedRedis | undefined
  readonly #recorder: Recorder
  readonly #place: Place
  readonly #party: Party
  readonly #field: Field
  readonly #guests: Guest[] = []
  readonly #findings: Finding[] = []
  readonly #faults = new Map<string, number>()
  readonly #wrong = new Map<Harm, string>()

  constructor(
    options: AttackOptions,
    cast: Cast,
    ways: ReadonlyMap<string, FaultLink>,
    redis: AttackedRedis | undefined,
  ) {
    this.#options = options
    this.#cast = cast
    this.#redis = redis
    this.#recorder = new Recorder(options.clock, options.folder)
    this.#place = placeOf([...ways.values()], streamOf(options.seed, "places"))
    this.#party = new Party(
      cast.devices.map(({ user, device }) => this.#device(user, device)),
      cast.conversations,
    )
    this.#field = this.#fieldOf(ways)
  }

  async play(): Promise<AttackOutcome> {
    const { signal, seed, begun, progress, clock, seconds } = this.#options
    const stopWatching = this.#party.devices.map((device) => this.#watch(device))
    const timer = setInterval(() => progress(this.#progress), progressEveryMs)
    try {
      await this.#party.gather(this.#cast.members, signal)
      this.#noteRun()
      begun(this.#cast)
      this.#party.startWriting(this.#recorder, seed)
      await makeTrouble({
        field: this.#field,
        troubles: this.#fit,
        seed,
        ms: seconds * 1_000,
        clock,
        signal,
        ...this.#told,
      })
      await this.#party.stopWriting()
      return await this.#judged()
    } finally {
      clearInterval(timer)
      await this.#party.stopWriting()
      for (const stop of stopWatching) stop()
      for (const one of [...this.#guests, ...this.#party.devices]) one.close()
    }
  }

  get #fit() {
    return troubles.filter((trouble) => trouble.unfit(this.#field) === undefined)
  }

  get #leftOut() {
    const judged = troubles.map((trouble) => ({ name: trouble.name, why: trouble.unfit(this.#field) }))
    return judged.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }]))
  }

  get #progress(): Progress {
    const { nowMs: ms, operations, acknowledged } = this.#recorder
    const faults = [...this.#faults.values()].reduce((sum, count) => sum + count, 0)
    return { ms, operations, acknowledged, faults, wrong: [...this.#wrong.values()] }
  }

  #device(user: string, device: string): Device {
    return new Device(user, device, this.#place, this.#cast.tokens.get(user))
  }

  #fieldOf(ways: ReadonlyMap<string, FaultLink>): Field {
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

  get #told() {
    return {
      began: (name: string, harm: Harm) => {
        const fromMs = this.#recorder.nowMs
        this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1)
        this.#wrong.set(harm, `${name} ${harm.target}`)
        return () => {
          this.#wrong.delete(harm)
          const { target, what } = harm
          this.#recorder.note({ type: "fault", nemesis: name, target, what, fromMs, toMs: this.#recorder.nowMs })
        }
      },
      failed: (name: string, error: unknown) => {
        const what = `${name}: ${error instanceof Error ? error.message : String(error)}`
        this.#findings.push({ law: "nemesis", conversation: "", what })
      },
    }
  }

  /** @returns stops it. */
  #watch(device: Device): () => void {
    let before: string | undefined
    const note = () => {
      const { node, name } = device
      const state = node === undefined ? "away" : "live"
      if (before === `${state} ${node}`) return
      before = `${state} ${node}`
      const at = { type: "state", of: "device", name, state, atMs: this.#recorder.nowMs } as const
      this.#recorder.note(node === undefined ? at : { ...at, node })
    }
    return device.client.onState(note)
  }

  #noteRun(): void {
    const { command, seed, seconds, clock } = this.#options
    this.#recorder.note({
      type: "run",
      beganAt: new Date(clock.now()).toISOString(),
      command,
      seed,
      store: "theirs",
      seconds,
      nodes: [...this.#field.ways.keys()],
      devices: this.#party.devices.map(({ name }) => name),
      conversations: this.#cast.conversations,
      nemeses: this.#fit.map(({ name, about }) => ({ name, about })),
      leftOut: this.#leftOut,
    })
  }

  async #judged(): Promise<AttackOutcome> {
    const { clock, signal } = this.#options
    const { devices, conversations } = this.#party
    const log = this.#redis?.reader.log
    const judged = await judge({
      devices,
      guests: this.#guests,
      conversations,
      clock,
      signal,
      store: log && { log },
      headOf: async (id) => (log ? log.head(id) : devices[0]?.follow(id).conversation.snapshot().cursor),
      fresh: (id) => this.#freshView(id),
    })
    this.#recorder.giveUp()
    for (const history of judged.histories) this.#recorder.note({ type: "history", history })
    this.#findings.push(...judged.findings)
    for (const finding of this.#findings) this.#recorder.note({ type: "finding", finding })
    return this.#concluded(countsOf(judged.histories))
  }

  async #concluded(counts: Counts): Promise<AttackOutcome> {
    const { signal, folder } = this.#options
    const findings = this.#findings
    const error = signal.aborted ? { error: "it was interrupted" } : {}
    const { operations, acknowledged, nowMs: ms } = this.#recorder
    this.#recorder.note({ type: "end", ms, counts, findings: findings.length, ...error })
    await this.#recorder.close()
    const report = await writeReport(folder)
    const [cast, faults, leftOut] = [this.#cast, this.#faults, this.#leftOut]
    return { cast, findings, counts, operations, acknowledged, faults, leftOut, report }
  }

  async #freshView(conversation: string) {
    const device = this.#device(this.#cast.members[0] ?? "", "newcomer")
    try {
      return await viewWhenLive(device, conversation)
    } finally {
      device.close()
    }
  }
}

function placeOf(ways: readonly FaultLink[], random: Random): Place {
  let dials = 0
  return {
    anyNode() {
      // First one after the other, so that each node has devices; then any.
      const index = dials < ways.length ? dials : Math.floor(random.fraction() * ways.length)
      dials += 1
      return `ws://127.0.0.1:${ways[index]?.port}`
    },
  }
}

function viewWhenLive(device: Device, conversation: string) {
  const watched = device.follow(conversation)
  return new Promise<Awaited<ReturnType<typeof watched.view>>>((resolve, reject) => {
    const look = () => {
      if (watched.conversation.snapshot().status !== "live") return
      stop()
      watched.view().then(resolve, reject)
    }
    const stop = watched.conversation.subscribe(look)
    look()
  })
}
