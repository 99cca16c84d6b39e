/**
 * A story in three chapters, a step of the graph each, so that there is a checkpoint after every one of them: who goes on
 * when a node has died goes on with the chapter in which it died, and not with the story.
 */
import type { BaseMessage } from "@langchain/core/messages"
import type { RunnableConfig } from "@langchain/core/runnables"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { OfflineModel } from "./offline-model.ts"

type State = typeof MessagesAnnotation.State
type Chapters = readonly [string, string, string]

const english: Chapters = [
  "Once there was a thread that many hands were spinning at the same time. Whoever let go of it found it again exactly where that hand had left it.",
  "One evening the wheel itself fell over, in the middle of a turn. Those who watched saw the last bit of yarn come loose, as far back as the last knot, and no further; then another wheel, in another house, took the thread up at that knot and went on.",
  "“Whose thread is it?” asked a child. “Everybody's,” said the old spinner, “and that is why there is only one.”",
]

const chinese: Chapters = [
  "从前有一根线，许多双手同时在纺它。谁松了手，回来时线还在那只手离开的地方。",
  "一天晚上，纺车转到一半倒下了。旁边的人看见线松开，一直松到最后一个结，不再往前；另一座房子里的纺车从那个结接过线，接着纺下去。",
  "“这根线是谁的？”一个孩子问。“是大家的，”老纺工说，“所以只有一根。”",
]

export function chaptersGraph(wordDelayMs: number) {
  const tell = (chapter: 0 | 1 | 2) => {
    const model = new OfflineModel(wordDelayMs, (messages) => ({ text: storyFor(messages)[chapter] }))
    return async ({ messages }: State, config: RunnableConfig) => ({ messages: [await model.invoke(messages, config)] })
  }
  return new StateGraph(MessagesAnnotation)
    .addNode("first", tell(0))
    .addNode("second", tell(1))
    .addNode("third", tell(2))
    .addEdge(START, "first")
    .addEdge("first", "second")
    .addEdge("second", "third")
    .compile()
}

/** In the language of the question. */
function storyFor(messages: readonly BaseMessage[]): Chapters {
  const asked = messages.findLast((message) => message.getType() === "human")?.text ?? ""
  return /\p{Script=Han}/u.test(asked) ? chinese : english
}

/** @returns what is told when nothing happens, chapter by chapter: the same graph, called once, without a cluster. */
export async function undisturbed(question: string): Promise<readonly string[]> {
  const { messages } = await chaptersGraph(0).invoke({ messages: [{ role: "user", content: question }] })
  return messages.filter((message) => message.getType() === "ai").map((message) => message.text)
}
