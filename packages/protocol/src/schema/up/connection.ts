/** Frames about the connection itself: who is speaking, and whether it still lives. */
import * as z from "zod"
import { limits } from "../../limits.ts"
import { id } from "../fields.ts"
import { requestId } from "./request.ts"

const jwt = z.string().max(limits.tokenCharsMax, `a token may have at most ${limits.tokenCharsMax} characters`)

export const hello = z.object({
  type: z.literal("hello"),
  protocol: z.int().min(1),
  device: id,
  /** With authentication off, who is speaking; with it on, the token's `sub`, and optional here. */
  user: id.optional(),
  /** A JWT, where authentication is on. */
  token: jwt.optional(),
  /** The client reads lean frames: text that goes on comes without what can be worked out. */
  lean: z.boolean().optional(),
})

/** A fresh token before the old one expires. */
const token = z.object({
  type: z.literal("token"),
  id: requestId,
  token: jwt,
})

/** For clients that cannot send WebSocket pings, browsers above all. */
const ping = z.object({ type: z.literal("ping"), id: requestId })

export const connectionCommands = [hello, token, ping] as const
