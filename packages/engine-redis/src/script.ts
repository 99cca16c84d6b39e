/** The scripts: one file each under lua/, known to the server by the hash of its text. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"

export interface Script {
  /** Its file's name: what metrics and errors call it. */
  readonly name: string
  readonly lua: string
  readonly sha1: string
  /** Running it twice is the same as running it once, or is told apart by what it is given. */
  readonly repeatable: boolean
}

/** @returns what stands in a file under lua/. */
export function scriptText(name: string): string {
  return readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), "utf8")
}

function load(name: string, repeatable: boolean): Script {
  const lua = scriptText(name)
  return { name, lua, sha1: createHash("sha1").update(lua).digest("hex"), repeatable }
}

export const scripts = {
  appendOutput: load("append-output", true),
  append: load("append", false),
  create: load("create", false),
  read: load("read", true),
  heads: load("heads", true),
  snapshot: load("snapshot", true),
  compact: load("compact", true),
  sweepKeys: load("sweep-keys", true),
  fields: load("fields", true),
  all: load("all", true),
  archived: load("archived", true),
  archivedAfter: load("archived-after", true),
  // A repeat removes what is left: it says how many that were, and the caller goes on until none is.
  cutArchive: load("cut-archive", true),
  conversations: load("conversations", true),
  time: load("time", true),
  // A claim whose answer was lost is seen by whoever looks next; repeating it would be refused as somebody else's.
  claim: load("claim", false),
  release: load("release", true),
  settle: load("settle", true),
  effectBegin: load("effect-begin", true),
  effectFinish: load("effect-finish", true),
  effectsForget: load("effects-forget", true),
  beat: load("beat", true),
  beats: load("beats", true),
  leave: load("leave", true),
  announce: load("announce", true),
  withdraw: load("withdraw", true),
  touch: load("touch", true),
  probe: load("probe", true),
  // Its own repeat is known by the fresh id that it was given.
  sessionOpen: load("session-open", true),
  sessionTouch: load("session-touch", true),
  // It would be harmless, but who was first to change something could not be told any more.
  presenceSet: load("presence-set", false),
  presenceBeat: load("presence-beat", true),
  presenceMark: load("presence-mark", true),
  limitTake: load("limit-take", false),
} as const
