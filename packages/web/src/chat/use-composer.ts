/**
 * What is being written, and what becomes of it: a new message, a reply, or another text of an old one.
 *
 * A draft is kept at every keystroke; what is edited is none, because it is in the log already.
 */
import type { Conversation, WhenBusy } from "@everthread/client"
import { useState } from "react"
import { runsToAnswerAnew } from "../model/answers-anew.ts"
import { useWorkspace } from "../ui/workspace.ts"
import { type About, useChat } from "./chat-context.ts"

export interface ComposerState {
  readonly text: string
  change(text: string): void
  send(whenBusy: WhenBusy | undefined): void
  /** Saves what is edited and has it answered anew; `undefined` where nothing of this person's may be. */
  readonly sendAnew: (() => void) | undefined
}

export function useComposer(conversation: Conversation, about: About | undefined): ComposerState {
  const { account, drafts, notices } = useWorkspace()
  const { writeAbout, answerAnew } = useChat()
  const edited = about?.kind === "edit" ? about.message : undefined
  const [text, setText] = useState(() => edited?.text ?? drafts.of(conversation.id))

  const change = (next: string) => {
    setText(next)
    if (edited) return
    drafts.keep(conversation.id, next)
    conversation.typing(next !== "")
  }

  const send = (whenBusy: WhenBusy | undefined) => {
    if (text.trim() === "") return
    if (edited) {
      if (text !== edited.text) notices.watch(conversation.edit(edited.id, text))
    } else {
      const reply = about?.kind === "reply" ? { replyTo: about.message.id } : {}
      // What is refused stays below the messages, with the reason and a way to try again.
      conversation.send(text, { ...reply, ...(whenBusy === undefined ? {} : { whenBusy }) }).catch(() => {})
      change("")
    }
    writeAbout(undefined)
  }
  const answer =
    edited && runsToAnswerAnew(conversation.snapshot().state, account.user).find((run) => run.message === edited.id)
  const sendAnew = answer && (() => answerAnew(answer.id, () => send(undefined)))
  return { text, change, send, sendAnew }
}
