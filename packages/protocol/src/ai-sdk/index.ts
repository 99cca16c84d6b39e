/**
 * A conversation in the words of the AI SDK, for those who speak them to its client: the server's gateway, and the client's
 * adapter. Without schemas, and without anything of the AI SDK's.
 */
export { type DueAnswers, dueAnswers, type GivenAnswer } from "./answers.ts"
export type { Chunk } from "./chunks.ts"
export { RunStream, type Told, type Wanted } from "./run-stream.ts"
export { Stops } from "./stops.ts"
export {
  readSubmission,
  type Submission,
  type SubmissionRead,
  type SubmittedAnswers,
  type SubmittedMessage,
} from "./submission.ts"
export { type Asked, askedAs, clientIdOf, keyOf, type UIMessage, uiMessages } from "./ui-message.ts"
