/** Nothing of one conversation is ever seen in another. (SPEC STO6) */
import { type DeviceHistory, type Finding, type History, nameOf } from "../history/history.ts"

/** Writers begin each text with the id of the conversation that it is for. */
export function checkApart({ conversation, devices }: History): Finding[] {
  return devices.flatMap((device) =>
    textsOnTheWire(device)
      .filter((text) => !text.startsWith(`${conversation} `))
      .map((text) => ({
        law: "apart",
        conversation,
        device: nameOf(device),
        what: `was given ${JSON.stringify(text)}`,
      })),
  )
}

/** What people wrote: an agent's words have no author. */
function textsOnTheWire({ wire }: DeviceHistory): string[] {
  const texts: string[] = []
  for (const { steps } of wire) {
    for (const step of steps) {
      for (const one of step.type === "events" ? step.events : step.messages) {
        const isTakenBack = "redacted" in one && one.redacted === true
        if ("by" in one && "text" in one && !isTakenBack) texts.push(one.text)
      }
    }
  }
  return texts
}
