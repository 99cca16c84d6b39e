/** What the agent in three steps says; and the mark of what an owner says that was replaced. */
export const firstLine = ["This ", "is ", "said ", "step ", "by ", "step"]
export const lastLine = ["and ", "that ", "was ", "the ", "last"]
export const stale = "zombie"

export const answer = [firstLine.join(""), lastLine.join("")]
