/**
 * Every limit of the wire protocol: its name says the unit, its value is the default.
 *
 * Those a deployment may change are marked so in the configuration table of the server; the
 * others are part of the protocol, because a client must know them without asking.
 */
export const limits = {
  /** One frame from a client, in bytes. Configurable. */
  frameBytesMax: 1_048_576,
  /** Objects and arrays inside each other in one frame. */
  frameDepthMax: 32,
  /** The text of a message, in characters (UTF-16 code units, as JavaScript counts). */
  textCharsMax: 10_000,
  /** The title of a conversation, in characters. */
  titleCharsMax: 200,
  /** The id of a user, device, agent, run, message or interrupt, in characters. */
  idCharsMax: 128,
  /** The id of a conversation, in characters: room for `~` and a user's id. */
  conversationIdCharsMax: 160,
  /** An idempotency key, in characters. */
  keyCharsMax: 128,
  /** A token, in characters. */
  tokenCharsMax: 8_192,
  /** A reaction, in characters: one emoji with its modifiers. */
  reactionCharsMax: 32,
  /** An answer to an interrupt, in bytes of JSON. */
  answerBytesMax: 65_536,
  /** The JSON Schema that a question brings along, in characters of JSON. */
  questionSchemaCharsMax: 16_384,
  /** Objects and arrays inside each other in such a schema. */
  questionSchemaDepthMax: 24,
  /** Members of one conversation. */
  membersMax: 2_000,
  /** Conversations one connection may be subscribed to at a time. */
  subscriptionsMax: 1_000,
  /** Runs of one conversation that have not ended: beyond it a send that asks for another gets `limit_reached`. */
  openRunsMax: 100,
  /** Different reactions to one message; further ones are not taken into the state. */
  messageReactionsMax: 50,
  /** Content blocks of one message of an assistant; further ones are not taken into the state. */
  messageBlocksMax: 500,
  /** The text of one content block, in characters; what goes beyond is not taken into the state. */
  blockCharsMax: 1_000_000,
  /** Messages in one page of history. */
  historyPageMax: 200,
  /** Checkpoints in one page. */
  checkpointsPageMax: 100,
  /** A graph's state at one checkpoint, in characters of JSON; a larger one is not given out. */
  checkpointCharsMax: 1_000_000,
  /** Messages that a fork takes along, the newest. */
  forkMessagesMax: 1_000,
  /** And what they may hold together, in characters of JSON: a fork is one step of the store. */
  forkCharsMax: 4_000_000,
  /** Messages that the reduced state, and so a snapshot, holds; older ones are paged. */
  stateMessagesMax: 200,
  /** Older messages that the reduced state holds beside those, because open runs answer them or have said them. */
  stateNeededMessagesMax: 200,
  /** Runs that have ended and that the reduced state still holds. */
  stateEndedRunsMax: 20,
  /** Interrupts without an answer that the reduced state holds; further ones are not taken into the state. */
  stateOpenInterruptsMax: 200,
  /** Interrupts of open runs, answered or not, that the reduced state holds; a run that asks for more fails. */
  stateOpenRunInterruptsMax: 500,
  /** Answered interrupts of ended runs that the reduced state still holds. */
  stateAnsweredInterruptsMax: 20,
} as const
