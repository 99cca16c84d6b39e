/** An agent's way to the test that watches over it: where it has come to, and what it does that has consequences. */

const watcher = process.env.EVERTHREAD_TEST_WATCHER

async function tell(what, fields) {
  const response = await fetch(`${watcher}/${what}`, { method: "POST", body: JSON.stringify(fields) })
  return response.text()
}

/** Resolves when the agent may go on. @returns what it is to do. */
export function reach({ configurable }, place) {
  return tell("reach", { conversation: configurable.conversation, place })
}

/** Does what cannot be taken back. */
export function effect({ configurable }, { key, again }) {
  return tell("effect", { conversation: configurable.conversation, key, again })
}
