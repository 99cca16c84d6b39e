/** Every limit of the client: its name says the unit, its value is the default. Those of the wire are the protocol's. */
export const clientLimits = {
  /** The longest wait before the first reconnect; each failure after it doubles it. */
  backoffBaseMs: 250,
  /** The longest wait before any reconnect. */
  backoffMaxMs: 10_000,
  /** A connection that stayed open this long was a good one: the next failure counts as the first. */
  steadyAfterMs: 10_000,
  /** From asking for a token to the server's welcome. */
  connectDeadlineMs: 10_000,
  /** A request that has no answer by then is given up, or sent again if that is safe. */
  requestDeadlineMs: 20_000,
  /** Heartbeats that may pass, each with a probe, before a silent connection counts as dead. */
  heartbeatsMissedMax: 3,
  /** From the network's return to the answer of a connection from before; after that it is given up. */
  doubtDeadlineMs: 5_000,
  /** How long before it expires a token is replaced. */
  tokenRefreshAheadMs: 30_000,
  /** Tokens the server may refuse in a row before a person has to act. */
  tokenRefusalsMax: 2,
  /** The longest delay a JavaScript timer can hold. */
  timerMaxMs: 2_147_483_647,
  /** Writes that wait for their ack, over all conversations. A write beyond it is refused with `OutboxFull`. */
  outboxEntriesMax: 1_000,
  /** Acknowledged writes of a conversation that are kept, to send them again should the store lose them. */
  ackedKeptMax: 50,
  /**
   * How old an ack may be for its write to be sent again on a mere doubt: well below the day for which a store remembers
   * a key, so that one that it has after all is known as a repeat.
   */
  doubtfulResendMs: 43_200_000,
  /** How long a store may take to give back what it kept, before the program goes on without it. */
  storeDeadlineMs: 2_000,
  /** How long the tab that has the socket may take to answer before another one opens a socket of its own. */
  sharedJoinDeadlineMs: 2_000,
  /** Frames of one log that the tab with the socket keeps for those that come later. */
  sharedFramesMax: 256,
  /** Characters that may be on their way to another tab. One that reads no more is let go, and comes back. */
  sharedWindowChars: 4_194_304,
  /** How much of it a tab reads before it says so. */
  sharedReadChars: 65_536,
  /** Conversations that a list follows where nobody says otherwise: each is a subscription, and a snapshot at the start. */
  listFollowedMax: 60,
  /** Over how long lists that were all told at once to look spread their questions. */
  listJitterMs: 5_000,
  /** Over how long devices that were all told that they may not know who is here spread their questions. */
  presenceJitterMs: 3_000,
  /** The same where they are told so again and again. */
  presenceJitterMaxMs: 12_000,
  /** The characters of an idempotency key: about 130 bits. */
  keyChars: 22,
  /** Updates a reader of `events()` may be behind. A slower one gets `ReaderTooSlow`. */
  updatesBufferedMax: 10_000,
  /** How long a conversation is still followed after the last component that showed it has gone. */
  followGraceMs: 1_000,
  /** How often "still typing" is repeated. */
  typingRepeatMs: 3_000,
  /** Typing ends by itself this long after the last keystroke. */
  typingOffAfterMs: 5_000,
  /** How long somebody is shown as typing who is not heard of again. */
  typingShownMs: 8_000,
} as const
