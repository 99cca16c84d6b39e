/** Gives an answer, once: the first of all devices counts, and who was slower is told so. */
import { RequestError } from "@everthread/client"
import type { Json } from "@everthread/protocol"
import { useState } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { reasonOf } from "../model/notices.ts"
import { useChat } from "./chat-context.ts"

export interface Answering {
  readonly isBusy: boolean
  readonly problem: string | undefined
  answer(value: Json | undefined): void
}

export function useAnswer(interrupt: string): Answering {
  const { question } = useTexts()
  const { conversation } = useChat()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const answer = (value: Json | undefined) => {
    if (value === undefined) return
    setBusy(true)
    setProblem(undefined)
    conversation.respond(interrupt, value).catch((error: unknown) => {
      const isLate = error instanceof RequestError && error.error.code === "already_answered"
      setProblem(isLate ? question.late : reasonOf(error))
      setBusy(false)
    })
  }
  return { isBusy, problem, answer }
}
