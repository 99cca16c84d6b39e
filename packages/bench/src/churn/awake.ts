const everyMs = 1_000

/** Servers and nodes of the stage keep nobody's process alive, and waiting for their end must not be the end. */
export async function awake<Result>(work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => undefined, everyMs)
  return work().finally(() => clearInterval(timer))
}
