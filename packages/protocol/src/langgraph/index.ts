/**
 * A conversation in the words of LangChain's Agent Streaming Protocol, for those who speak it to stock clients: the server's
 * gateway, and the client's adapter. Without schemas, and without anything of LangChain's.
 */
export * from "./answer.ts"
export * from "./human-message.ts"
export * from "./run-so-far.ts"
export * from "./stream-event.ts"
export * from "./tasks.ts"
export { eventsOf, graphName, lifecycle, question, replacedValues, values } from "./translate.ts"
export * from "./values.ts"
