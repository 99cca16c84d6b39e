/**
 * The named value beside the log by which a question is answered once: whoever sets it first has answered. (SPEC RUN5)
 *
 * People's answers and a worker's expiry set the same one, so of the two one counts, whichever node they come from.
 */

/** The value's name, for `Expectation`. */
export const questionValueName = (interrupt: string): string => `interrupt:${interrupt}`

/** What it becomes where nobody answered in time. Ids have no white space, so it is nobody's name. */
export const questionExpired = "nobody in time"
