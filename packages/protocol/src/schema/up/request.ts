/** What every frame that wants a reply carries. */
import * as z from "zod"

/** Chosen by the client, returned in the reply; unique among its open requests. */
export const requestId = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
