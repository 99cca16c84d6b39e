/** Nothing of one conversation is ever seen in another. (SPEC STO6) */
import { type Finding, type History, nameOf } from "../history/history.ts"

/** Writers begin each text with the id of the conversation that it is for. */
export function checkApart({ conversation, devices }: History): Finding[] {
  return devices.flatMap((device) => {
    const events = device.wire.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.type === "events" ? step.events : [])),
    )
    const messages = device.wire.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.type === "snapshot" ? step.messages : [])),
    )
    const texts = [...events, ...messages].flatMap((one) => ("by" in one && "text" in one ? [one.text] : []))
    return texts
      .filter((text) => !text.startsWith(`${conversation} `))
      .map((text) => ({
        law: "apart",
        conversation,
        device: nameOf(device),
        what: `was given ${JSON.stringify(text)}`,
      }))
  })
}
