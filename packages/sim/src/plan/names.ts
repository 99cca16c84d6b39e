/** The conversation of everybody; a plan may have others beside it, in which only some are members. */
export const conversation = "talk"
