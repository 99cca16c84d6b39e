/** The agent of `everthread demo takeover`: it tells a story, slowly enough for people to read and for a node to die. */
import { chaptersGraph } from "../demo/chapters.ts"

const wordDelayMsDefault = 60

export const graph = chaptersGraph(Number(process.env["EVERTHREAD_DEMO_WORD_DELAY_MS"] ?? wordDelayMsDefault))
