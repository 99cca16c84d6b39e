/** Commands about the connection and what it follows. */

import { Admission } from "../admission.ts"
import { notMember } from "../append.ts"
import { done, refused } from "../outcome.ts"
import { memberOnly } from "./access.ts"
import type { HandlersOf } from "./handler.ts"

export const connectionHandlers: HandlersOf<"token" | "ping" | "subscribe" | "unsubscribe" | "typing"> = {
  async ping() {
    return done({})
  },

  token({ connection }, { token }) {
    return connection.renew(token)
  },

  async subscribe({ core, actor, connection }, { conversation, cursor }) {
    const admission = new Admission({ conversation, user: actor.user, engine: core.engine })
    // Where the node follows the conversation this answer holds for the replay as well.
    if (!(await admission.ask(core.hub.live(conversation)))) return notMember(conversation)
    const subscribed = connection.subscribe(conversation, cursor, admission)
    // The device learns that it is subscribed before the first event reaches it.
    return subscribed.ok ? done({ conversation }, subscribed.result.start) : subscribed
  },

  async unsubscribe({ connection }, { conversation }) {
    if (!connection.unsubscribe(conversation)) return notSubscribed(conversation)
    return done({ conversation })
  },

  async typing(context, { conversation, on }) {
    const { core, actor, connection } = context
    if (!connection.isSubscribed(conversation)) return notSubscribed(conversation)
    // A device that does not read has not come to the end of its subscription, though its membership is over.
    const member = await memberOnly(context, conversation)
    if (!member.ok) return member
    const by = { user: actor.user, device: actor.device }
    await core.engine.log.publish(conversation, JSON.stringify({ type: "typing", by, on }))
    return done({})
  },
}

function notSubscribed(conversation: string) {
  const message = `This connection is not subscribed to ${JSON.stringify(conversation)}; subscribe first.`
  return refused("not_subscribed", { field: "conversation", message })
}
