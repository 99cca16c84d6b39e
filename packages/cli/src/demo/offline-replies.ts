/**
 * What the offline demo model says and which tools it calls: a few patterns, in English and in Chinese.
 *
 * It is no language model, and says so.
 */
export interface OfflineReply {
  readonly text: string
  readonly call?: { readonly name: string; readonly args: { readonly [name: string]: string | number } }
}

interface Pattern {
  readonly when: RegExp
  reply(said: string, isChinese: boolean): OfflineReply
}

const patterns: readonly Pattern[] = [
  {
    when: /\d\s*[-+*/^%×÷]\s*[-(\d]/u,
    reply: (said) => ({ text: "", call: { name: "calculator", args: { expression: expressionIn(said) } } }),
  },
  {
    when: /\b(?:book|reserve|table)\b|[订預预]/iu,
    reply: bookTable,
  },
  {
    when: /\b(?:time|clock|date|today)\b|几点|时间|日期/iu,
    reply: () => ({ text: "", call: { name: "clock", args: { timeZone: "UTC" } } }),
  },
  {
    when: /\bstory\b|故事/iu,
    reply: (_said, isChinese) => ({ text: isChinese ? chineseStory : englishStory }),
  },
]

const clockTime = String.raw`at (?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|noon|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b`
const times = {
  en: new RegExp(
    String.raw`\b(?:(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b ?)?${clockTime}`,
    "iu",
  ),
  zh: /(?:今天|今晚|明天|明晚|后天|周.|星期.)?(?:早上|上午|中午|下午|晚上)?[\d一二两三四五六七八九十]{1,3}(?:[:：]\d\d|[点點]半?)/u,
}

/** For the time that is named, as it is named; where none is, for one that is said plainly. */
function bookTable(said: string, isChinese: boolean): OfflineReply {
  const named = (isChinese ? times.zh : times.en).exec(said)?.[0]
  const when = named ?? (isChinese ? "今晚七点" : "tonight at seven")
  const people = Number(/\d+/u.exec(said.replace(named ?? "", ""))?.[0] ?? 2)
  const text = isChinese
    ? `我可以订位（${people} 位，${when}），但需要您先同意。`
    : `I can book a table for ${people}, ${when}, once somebody approves it.`
  return { text, call: { name: "book_table", args: { people, when } } }
}

/** @param said a person's message. */
export function replyTo(said: string): OfflineReply {
  const isChinese = isHan(said)
  return patterns.find(({ when }) => when.test(said))?.reply(said, isChinese) ?? { text: aboutItself(said, isChinese) }
}

/** @param said the message that led to the tool's call. */
export function replyToTool(said: string, result: string): OfflineReply {
  return { text: isHan(said) ? `结果是：${result}` : `The result: ${result}` }
}

function isHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}

function expressionIn(said: string): string {
  const plain = said.replaceAll("×", "*").replaceAll("÷", "/")
  return /[-(\d][-+*/^%().\d\s]*[)\d]/u.exec(plain)?.[0] ?? plain
}

function aboutItself(said: string, isChinese: boolean): string {
  return isChinese
    ? `我是 Everthread 的离线演示模型，不是真正的语言模型：没有设置 OPENAI_API_KEY。您说：“${said}”。可以试试“2+3*4”、“讲个故事”或“订一张桌子”。`
    : `I am Everthread's offline demo model and no real language model: OPENAI_API_KEY is not set. You said: “${said}”. Try “what is 2+3*4”, “tell me a story” or “book a table”.`
}

const englishStory = [
  "This story comes from an offline demo model.",
  "Once there was a thread that many hands were spinning at the same time.",
  "Whenever somebody let go, because the night was dark or the road went through a tunnel, the thread did not break: it waited exactly where that hand had left it.",
  "One evening the spinning wheel itself fell over. Another wheel in another house picked up the thread at the last knot and went on, and those who watched saw only the part after the knot come loose for a moment and grow again.",
  "“Whose thread is it?” asked a child.",
  "“Everybody's,” said the old spinner, “and that is why there is only one.”",
].join("\n\n")

const chineseStory = [
  "这个故事来自离线演示模型。",
  "从前有一根线，许多双手同时在纺它。",
  "每当有人松手，线并不会断，而是停在那只手离开的地方，等它回来。",
  "一天晚上，纺车倒了。另一座房子里的纺车从最后一个结接着纺下去。",
  "“这根线是谁的？”一个孩子问。“是大家的，”老纺工说，“所以只有一根。”",
].join("\n\n")
