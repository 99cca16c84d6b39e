/** The device of all clients that name none. */
export const stockDevice = "langgraph"
