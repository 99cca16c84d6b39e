/** What the terminal chat makes of a conversation: news, lines, rows, and nothing that a terminal obeys. */
import type { ConversationView } from "@everthread/client"
import { emptyState, isWaitingItsTurn, type Json, type LogEvent, reduceAll } from "@everthread/protocol"
import stringWidth from "string-width"
import { briefly, clean, cleanLine } from "../src/chat/clean.ts"
import { linesOf, timeText } from "../src/chat/lines.ts"
import { liveRows } from "../src/chat/live-region.ts"
import { newsOf, type Told } from "../src/chat/news.ts"
import { questionText } from "../src/chat/question.ts"
import { ansiPaint, noPaint, paintFor } from "../src/chat/style.ts"
import { chatTexts } from "../src/chat/texts.ts"
import { rowsOf } from "../src/chat/wrap.ts"

const by = { user: "ada", device: "phone" }
const lineOptions = { texts: chatTexts.en, paint: noPaint, user: "ada", multiline: false }
const nothingTold: Told = new Map()

function said(seq: number, text: string): LogEvent {
  return { type: "message", time: 0, by, id: `m${seq}`, key: `k${seq}`, text, seq }
}

function view(list: readonly LogEvent[], over: Partial<ConversationView> = {}): ConversationView {
  const state = reduceAll(emptyState, list)
  return {
    conversation: "c",
    status: "live",
    error: undefined,
    cursor: `${state.seq}-x`,
    state,
    messages: state.messages,
    older: false,
    pending: [],
    queue: [],
    positions: new Map(),
    typing: [],
    present: [],
    ...over,
  }
}

/** The same, of a conversation that holds everything only from a place on. */
const heldFrom = (wholeFrom: number, of: ConversationView): ConversationView => ({
  ...of,
  state: { ...of.state, wholeFrom },
})

/** What the second view adds to what the first one told. */
function newsBetween(before: ConversationView, after: ConversationView): string[] {
  const { told } = newsOf(nothingTold, before, true)
  return newsOf(told, after, false).news.flatMap((news) => linesOf(news, lineOptions))
}

const run: LogEvent[] = [
  { type: "run.queued", time: 0, by, run: "r", agent: "demo", message: "m1", seq: 2 },
  { type: "run.attempt", time: 0, run: "r", attempt: 1, node: "n", seq: 3 },
]

function output(seq: number, data: Record<string, Json>): LogEvent {
  return { type: "agent", time: 0, run: "r", method: "messages", ns: [], message: "r.0", data, seq } as LogEvent
}

describe("news", () => {
  test("a newcomer is told the messages and the open questions, not how everybody came", () => {
    const asked: LogEvent = { type: "input.requested", time: 0, run: "r", interrupt: "i", value: "May I?", seq: 4 }
    const list = [said(1, "hello"), ...run, asked]
    const lines = newsOf(nothingTold, view(list), true).news.flatMap((news) => linesOf(news, lineOptions))
    expect(lines).toEqual(["[1] ada/phone: hello", "? the agent asks: May I?", `* ${chatTexts.en.howToAnswer}`])
  })

  test("a question says what an answer has to look like, until when, and what is taken otherwise; then who answered", () => {
    const about = { time: 0, run: "r", interrupt: "i" } as const
    const terms = { schema: { type: "integer" }, expiresAt: 1_700_000_000_000, default: 2 }
    const asked: LogEvent = { type: "input.requested", ...about, value: "How many?", ...terms, seq: 4 }
    const list = [said(1, "hello"), ...run]
    const open = view([...list, asked])
    expect(newsBetween(view(list), open)).toEqual([
      "? the agent asks: How many?",
      "* answer with /answer 1",
      "* an answer has to fit: integer",
      `* if nobody answers until ${timeText(terms.expiresAt)}, the answer is 2`,
    ])
    const answered: LogEvent = { type: "input.responded", ...about, by, value: 4, seq: 5 }
    expect(newsBetween(open, view([...list, asked, answered]))).toEqual(["* ada/phone answered 4"])
    const expired: LogEvent = { type: "input.responded", ...about, value: 2, expired: true, seq: 5 }
    expect(newsBetween(open, view([...list, asked, expired]))).toEqual([
      "* nobody answered in time; taken for the answer: 2",
    ])
  })

  test("a message that was taken out of the queue is told as that: the agent goes on with what it does", () => {
    const queued: LogEvent = { type: "run.queued", time: 0, by, run: "s", agent: "demo", message: "m4", seq: 5 }
    const list = [said(1, "hello"), ...run, said(4, "and another thing"), queued]
    const stop: LogEvent = { type: "run.ended", time: 0, run: "s", outcome: "stopped", seq: 6 }
    expect(newsBetween(view(list), view([...list, stop]))).toEqual(["* taken out of the queue: and another thing"])
  })

  test("[RET1] what has expired is told in one line, and not as if somebody had taken it back", () => {
    const list = [said(1, "one"), said(2, "two"), said(3, "three")]
    const expired: LogEvent = { type: "expired", time: 0, upTo: 2, seq: 4 }
    expect(newsBetween(view(list), view([...list, expired]))).toEqual(["* older messages have expired"])
    expect(newsBetween(view([...list, expired]), view([...list, expired]))).toEqual([])
  })

  test("a newcomer is not told of a question that was settled before what is left of the messages", () => {
    const about = { time: 0, run: "r", interrupt: "i" } as const
    const asked: LogEvent = { type: "input.requested", ...about, value: "How many?", seq: 4 }
    const answered: LogEvent = { type: "input.responded", ...about, by, value: 4, seq: 5 }
    const done: LogEvent = { type: "run.ended", time: 0, run: "r", outcome: "completed", seq: 6 }
    const list = [said(1, "hello"), ...run, asked, answered, done, said(7, "and now")]
    const expired: LogEvent = { type: "expired", time: 0, upTo: 6, seq: 8 }
    const late = newsOf(nothingTold, view([...list, expired]), true).news.flatMap((news) => linesOf(news, lineOptions))
    expect(late).toEqual(["[7] ada/phone: and now"])
  })

  test("a message is told when it is finished, once", () => {
    const begun = [
      said(1, "hello"),
      ...run,
      output(4, { event: "message-start" }),
      output(5, { event: "content-block-start", index: 0, content: { type: "text", text: "" } }),
    ]
    const streaming = [...begun, { type: "delta", message: "r.0", block: 0, at: 0, text: "hi", seq: 6 } as LogEvent]
    const done = [...streaming, output(7, { event: "message-finish" })]
    expect(newsBetween(view(begun), view(streaming))).toEqual([])
    expect(newsBetween(view(streaming), view(done))).toEqual(["[7] demo: hi"])
    expect(newsBetween(view(done), view(done))).toEqual([])
  })

  test("[LOG1] who comes late is told the messages in the order in which they became whole, as the others were", () => {
    const begun = [
      said(1, "hello"),
      ...run,
      output(4, { event: "message-start" }),
      output(5, { event: "content-block-start", index: 0, content: { type: "text", text: "hi" } }),
    ]
    const interrupted = [...begun, said(6, "and another thing")]
    const done = [...interrupted, output(7, { event: "message-finish" })]
    const late = newsOf(nothingTold, view(done), true).news.flatMap((news) => linesOf(news, lineOptions))
    expect(late).toEqual(["[1] ada/phone: hello", "[6] ada/phone: and another thing", "[7] demo: hi"])
    expect([...newsBetween(view(begun), view(interrupted)), ...newsBetween(view(interrupted), view(done))]).toEqual(
      late.slice(1),
    )
  })

  test("tools and decisions are told to who comes late, too", () => {
    const call = { type: "tool_call", id: "t", name: "book", args: { people: 4 } }
    const question: Json = { question: "Do you approve this?", actions: [{ name: "book", args: { people: 4 } }] }
    const asked: LogEvent = { type: "input.requested", time: 0, run: "r", interrupt: "i", value: question, seq: 8 }
    const answered: LogEvent = { type: "input.responded", time: 0, by, run: "r", interrupt: "i", value: true, seq: 9 }
    const tool = (seq: number, data: Record<string, string>): LogEvent =>
      ({ type: "agent", time: 0, run: "r", method: "tools", ns: [], data, seq }) as LogEvent
    const steps: LogEvent[] = [
      said(1, "book"),
      ...run,
      output(4, { event: "message-start" }),
      output(5, { event: "content-block-start", index: 0, content: call }),
      output(6, { event: "content-block-finish", index: 0, content: call }),
      output(7, { event: "message-finish" }),
      asked,
      answered,
      tool(10, { event: "tool-finished", tool_call_id: "t", output: "Booked." }),
      { ...output(11, { event: "message-start" }), message: "r.1" } as LogEvent,
      {
        ...output(12, { event: "content-block-start", index: 0, content: { type: "text", text: "Done." } }),
        message: "r.1",
      } as LogEvent,
      { ...output(13, { event: "message-finish" }), message: "r.1" } as LogEvent,
    ]
    const late = newsOf(nothingTold, view(steps), true).news.flatMap((news) => linesOf(news, lineOptions))
    expect(late).toEqual([
      "[1] ada/phone: book",
      '* demo calls book {"people":4}',
      "? the agent asks: Do you approve this? book (people: 4)",
      "* ada/phone approved",
      "* demo book answered Booked.",
      "[13] demo: Done.",
    ])
    const live = steps.flatMap((_, i) => newsBetween(view(steps.slice(0, i)), view(steps.slice(0, i + 1))))
    expect(live.filter((line) => line !== `* ${chatTexts.en.howToAnswer}`)).toEqual(late)
  })

  test("a question of another shape is told as it is", () => {
    expect(questionText({ question: "Which?" })).toBe("Which?")
    expect(questionText({ question: "Go?", actions: [{ name: "go" }, "odd"] })).toBe("Go? go; odd")
    expect(questionText({ ask: 1 })).toBe('{"ask":1}')
    expect(questionText("May I?")).toBe("May I?")
  })

  test("a takeover is told; an attempt that an answer began is not", () => {
    const attempt = (number: number, seq: number): LogEvent => ({
      type: "run.attempt",
      time: 0,
      run: "r",
      attempt: number,
      node: "n",
      seq,
    })
    const asked: LogEvent = { type: "input.requested", time: 0, run: "r", interrupt: "i", value: "May I?", seq: 4 }
    const answered: LogEvent = { type: "input.responded", time: 0, by, run: "r", interrupt: "i", value: true, seq: 5 }
    const before = [said(1, "hello"), ...run, asked, answered]
    expect(newsBetween(view(before), view([...before, attempt(2, 6)]))).toEqual([])
    expect(newsBetween(view([...before, attempt(2, 6)]), view([...before, attempt(2, 6), attempt(3, 7)]))).toEqual([
      "* demo goes on from its last checkpoint (attempt 3)",
    ])
  })

  test("changes, takings back, comings and goings are told", () => {
    const before = view([said(1, "one"), said(2, "two"), said(3, "three")], {
      present: [{ user: "bob", device: "pad" }],
    })
    const after = view([
      said(1, "one"),
      said(2, "two"),
      { type: "edit", time: 0, by, message: "m1", text: "uno", seq: 4 },
      { type: "redaction", time: 0, by, message: "m2", seq: 5 },
      { type: "member.added", time: 0, by, user: "eve", role: "member", seq: 6 },
    ])
    expect(newsBetween(before, after)).toEqual([
      "* eve is a member now",
      "* [1] edited: uno",
      "* [2] taken back",
      "* bob/pad has gone",
      "* [3] taken back",
    ])
  })

  test("while a run holds an old message, those that leave the window behind it were not taken back either", () => {
    const [one, two, three] = [said(1, "one"), said(2, "two"), said(3, "three")]
    expect(newsBetween(view([one, two, three]), heldFrom(3, view([one, three])))).toEqual([])
  })

  test("a message that has left the window was not taken back", () => {
    const two = said(2, "two")
    expect(newsBetween(view([said(1, "one"), two]), heldFrom(2, view([two])))).toEqual([])
    // Nor one that was whole only after others that are still there.
    const answer = [
      ...run,
      output(4, { event: "message-start" }),
      said(5, "five"),
      output(6, { event: "message-finish" }),
    ]
    expect(
      newsBetween(view(answer), heldFrom(5, view([said(5, "five")]))).filter((line) => line.includes("taken back")),
    ).toEqual([])
  })
})

describe("what others write", () => {
  test("cannot command the terminal", () => {
    expect(clean("a\u001b]0;title\u0007b\u009bc\u202ed")).not.toMatch(/[\u202e]|\p{Cc}/u)
    expect(clean("line\r\nline\ttab")).toBe("line\nline\ttab")
    expect(cleanLine("one\ntwo")).toBe("one\\ntwo")
    expect(briefly({ long: "x".repeat(500) })).toHaveLength(201)
  })

  test("is not coloured on a pipe, nor where nobody wants colours", () => {
    expect(paintFor(false, {})("bad", "x")).toBe("x")
    expect(paintFor(true, { NO_COLOR: "1" })("bad", "x")).toBe("x")
    expect(paintFor(true, {})("bad", "x")).toContain("\u001b")
  })
})

describe("rows", () => {
  test("are never wider than the screen, whatever is wide in print", () => {
    const text = "你好，这是一个很长的中文消息 with some English 👩‍👩‍👧 and a family\nand a second line"
    for (const columns of [5, 10, 23, 80]) {
      const rows = rowsOf(text, columns)
      expect(Math.max(...rows.map((row) => stringWidth(row)))).toBeLessThanOrEqual(columns)
      // What a row is broken at, a space, is on neither.
      expect(rows.join("").replaceAll(" ", "")).toBe(text.replace(/[\n ]/g, ""))
    }
  })

  test("end at spaces and between wide characters; only a word that is too long is cut", () => {
    expect(rowsOf("three small words", 11)).toEqual(["three small", "words"])
    expect(rowsOf("three smaller words", 11)).toEqual(["three ", "smaller ", "words"])
    expect(rowsOf("你好 world", 6)).toEqual(["你好 ", "world"])
    expect(rowsOf("abcdefghij kl", 4)).toEqual(["abcd", "efgh", "ij ", "kl"])
  })

  test("styles take no room", () => {
    expect(rowsOf(`${ansiPaint("bad", "three")} small words`, 11)).toEqual([
      `${ansiPaint("bad", "three")} small`,
      "words",
    ])
  })

  test("below the prompt show what streams, what waits, who types and how the connection is", () => {
    const streaming = [
      said(1, "hello"),
      ...run,
      output(4, { event: "message-start" }),
      output(5, { event: "content-block-start", index: 0, content: { type: "text", text: "thinking" } }),
    ]
    const shown = view(streaming, {
      pending: [{ key: "k", text: "mine", status: "queued" }],
      typing: [{ user: "bob", device: "pad" }],
    })
    const options = {
      texts: chatTexts.en,
      paint: noPaint,
      columns: 80,
      self: "ada/phone",
      rowsMax: 10,
      status: "offline",
    }
    expect(liveRows(shown, options)).toEqual([
      "demo: thinking▍",
      "mine (waiting to be sent)",
      "bob typing …",
      "* offline",
    ])
    expect(liveRows(shown, { ...options, rowsMax: 2 })).toEqual(["bob typing …", "* offline"])
  })

  test("below the prompt stands what one's own message waits for: a question to somebody, or others before it", () => {
    const queued = (id: string, seq: number, device: string): LogEvent => {
      return { type: "run.queued", time: 0, by: { user: "ada", device }, run: id, agent: "demo", message: "m", seq }
    }
    const asked: LogEvent = { type: "input.requested", time: 0, run: "r", interrupt: "i", value: "May I?", seq: 4 }
    const waiting: LogEvent = { type: "run.waiting", time: 0, run: "r", seq: 5 }
    const list = [said(1, "hello"), ...run, asked, waiting, queued("s", 6, "phone"), queued("t", 7, "pad")]
    const options = {
      texts: chatTexts.en,
      paint: noPaint,
      columns: 120,
      self: "ada/phone",
      rowsMax: 10,
      status: undefined,
    }
    const rowsOfAll = (events: readonly LogEvent[]) => {
      const { runs } = view(events).state
      return liveRows(view(events, { queue: runs.filter(isWaitingItsTurn) }), options)
    }
    expect(rowsOfAll(list)).toEqual([
      "queued behind a question that ada has to answer; answer with /approve, /reject or /answer JSON",
    ])
    const answered: LogEvent = { type: "input.responded", time: 0, run: "r", interrupt: "i", by, value: true, seq: 8 }
    expect(rowsOfAll([...list, answered])).toEqual(["queued, 1 before you"])
    const ended: LogEvent = { type: "run.ended", time: 0, run: "r", outcome: "completed", seq: 9 }
    expect(rowsOfAll([...list, answered, ended])).toEqual([])
  })

  test("[AGT5] below the prompt stands how many are before a run that waits for a place", () => {
    const list = [said(1, "hello"), ...run.slice(0, 1)]
    const queue = view(list).state.runs
    const options = {
      texts: chatTexts.en,
      paint: noPaint,
      columns: 80,
      self: "ada/phone",
      rowsMax: 10,
      status: undefined,
    }
    expect(liveRows(view(list, { queue }), options)).toEqual([])
    expect(liveRows(view(list, { queue, positions: new Map([["r", 3]]) }), options)).toEqual([
      "demo is busy: waiting, 3 before you",
    ])
  })
})
