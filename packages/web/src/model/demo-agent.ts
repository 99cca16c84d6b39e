/** The agent that `everthread serve` has where nobody configured another one: what it can do is known here. */
export const demoAgent = "demo"
