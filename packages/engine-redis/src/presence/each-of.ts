/** Does the work for each of them, some at a time. After the first failure nothing more is begun. */
export async function eachOf<T>(all: readonly T[], atOnceMax: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values()
  let isOver = false
  const worker = async () => {
    for (const one of rest) {
      if (isOver) return
      await work(one)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnceMax, all.length) }, worker))
  } finally {
    isOver = true
  }
}
