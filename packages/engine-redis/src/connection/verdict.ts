/** What a server's refusal means for the call that it refused. In every case nothing was done. */
import type { ServerError } from "./server-error.ts"
import type { ServerAddress } from "./target.ts"

export type Verdict =
  /** Another server has the slot now. */
  | { readonly kind: "moved"; readonly address: ServerAddress }
  /** Another server has this key already, while the slot is under way: ask there, this once. */
  | { readonly kind: "ask"; readonly address: ServerAddress }
  /** The same again a little later; `suspect`: what we know of the servers may be out of date. */
  | { readonly kind: "again"; readonly suspect: boolean }
  /** It takes no writes: the disk or the memory is full, or too few replicas are there. */
  | { readonly kind: "read-only" }
  /** Its user may not do that there. */
  | { readonly kind: "forbidden" }
  /** It will refuse it however often it is asked. */
  | { readonly kind: "refused" }

const verdicts: Readonly<Record<string, Verdict>> = {
  TRYAGAIN: { kind: "again", suspect: false },
  LOADING: { kind: "again", suspect: false },
  BUSY: { kind: "again", suspect: false },
  CLUSTERDOWN: { kind: "again", suspect: true },
  MASTERDOWN: { kind: "again", suspect: true },
  READONLY: { kind: "again", suspect: true },
  OOM: { kind: "read-only" },
  MISCONF: { kind: "read-only" },
  NOREPLICAS: { kind: "read-only" },
  NOPERM: { kind: "forbidden" },
  NOAUTH: { kind: "forbidden" },
}

/** @param asked who refused: a redirection without a host means another port of the same one. */
export function judge({ code, message }: ServerError, asked?: ServerAddress): Verdict {
  if (code !== "MOVED" && code !== "ASK") return verdicts[code] ?? { kind: "refused" }
  const { host, port } = addressIn(message)
  return { kind: code === "MOVED" ? "moved" : "ask", address: { host: host || (asked?.host ?? ""), port } }
}

/** `MOVED 3999 127.0.0.1:6381`; the port stands after the last colon, because an address may have some of its own. */
function addressIn(message: string): ServerAddress {
  const place = message.split(" ")[2] ?? ""
  const colon = place.lastIndexOf(":")
  return { host: place.slice(0, colon), port: Number(place.slice(colon + 1)) }
}
