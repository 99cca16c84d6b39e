/**
 * Contestants by turns: every round has all of them, so that noise hits all alike, and each round begins with another
 * one, so that none is always the first on a warm machine.
 */

export interface Contestant<Sample> {
  readonly name: string
  run(): Promise<Sample>
}

export async function inRounds<Sample>(
  rounds: number,
  contestants: readonly Contestant<Sample>[],
  say: (text: string) => void,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const first = round % contestants.length
    for (const { name, run } of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      say(`round ${round + 1} of ${rounds}: ${name}`)
      samples.get(name)?.push(await run())
    }
  }
  return samples
}

/** All at the same time, for those who mostly wait: a round is as long as the longest of them. */
export async function together<Sample>(
  rounds: number,
  contestants: readonly Contestant<Sample>[],
  say: (text: string) => void,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}: all at once`)
    await Promise.all(contestants.map(async ({ name, run }) => void samples.get(name)?.push(await run())))
  }
  return samples
}

/** @throws Error for a contestant that was not there. */
export function mustGetSamples<Sample>(
  samples: ReadonlyMap<string, readonly Sample[]>,
  name: string,
): readonly Sample[] {
  const found = samples.get(name)
  if (!found) throw new Error(`nobody called ${name} was measured`)
  return found
}
