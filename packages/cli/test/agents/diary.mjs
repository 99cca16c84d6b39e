// An agent that stores of its diary only what is new in it: most of its checkpoints hold no value of the channel.
import { AIMessage } from "@langchain/core/messages"
import { Annotation, DeltaChannel, MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const append = (pages, more) => [...(pages ?? []), ...more.flat()]
const State = Annotation.Root({
  ...MessagesAnnotation.spec,
  diary: () => new DeltaChannel(append, { snapshotFrequency: 5 }),
})

const write = ({ messages }) => ({ diary: [messages.at(-1).content] })
const read = ({ diary }) => ({ messages: [new AIMessage(diary.join(", "))] })

export const graph = new StateGraph(State)
  .addNode("write", write)
  .addNode("read", read)
  .addEdge("__start__", "write")
  .addEdge("write", "read")
  .compile()
