/**
 * Contestants by turns: every round has all of them, so that noise hits all alike, and each round begins with another
 * one, so that none is always the first on a warm machine.
 */

export interface Contestant<Sample> {
  readonly name: string
  run(): Promise<Sample>
}

type Samples<Sample> = ReadonlyMap<string, readonly Sample[]>

export function inRounds<Sample>(
  rounds: number,
  contestants: readonly Contestant<Sample>[],
  say: (text: string) => void,
): Promise<Samples<Sample>> {
  return sampled(rounds, contestants, async (round, play) => {
    const first = round % contestants.length
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      say(`round ${round + 1} of ${rounds}: ${contestant.name}`)
      await play(contestant)
    }
  })
}

/** All at the same time, for those who mostly wait: a round is as long as the longest of them. */
export function together<Sample>(
  rounds: number,
  contestants: readonly Contestant<Sample>[],
  say: (text: string) => void,
): Promise<Samples<Sample>> {
  return sampled(rounds, contestants, async (round, play) => {
    say(`round ${round + 1} of ${rounds}: all at once`)
    await Promise.all(contestants.map(play))
  })
}

/** @param playRound has each of them played once. */
async function sampled<Sample>(
  rounds: number,
  contestants: readonly Contestant<Sample>[],
  playRound: (round: number, play: (contestant: Contestant<Sample>) => Promise<void>) => Promise<void>,
): Promise<Samples<Sample>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]))
  const play = async ({ name, run }: Contestant<Sample>) => void samples.get(name)?.push(await run())
  for (let round = 0; round < rounds; round++) await playRound(round, play)
  return samples
}

/** @throws Error for a contestant that was not there. */
export function mustGetSamples<Sample>(samples: Samples<Sample>, name: string): readonly Sample[] {
  const found = samples.get(name)
  if (!found) throw new Error(`nobody called ${name} was measured`)
  return found
}
