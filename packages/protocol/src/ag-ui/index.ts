/**
 * A conversation in the words of AG-UI 1.0, for those who speak it to stock clients: the server's gateway, and the client's
 * agent. Without schemas, and without anything of AG-UI's packages.
 */
export * from "./events.ts"
export { clientIdsOf, isOthersMessage, keyOfMessage, mayBeClientId, messageOfClientId } from "./ids.ts"
export { idsOf, lastMessageOf, pagesResult } from "./last-message.ts"
export { messagesOf } from "./messages.ts"
export { type Plan, planOfRun, planOfThread } from "./plan.ts"
export { openQuestions } from "./run-frame.ts"
export {
  answeringRun,
  attachedAt,
  conversationView,
  jumpOf,
  resumedAt,
  runSoFar,
  runView,
  toldOf,
  type View,
} from "./tell.ts"
