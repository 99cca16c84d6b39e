/** Which files of the repository a build of an image can see. Only patterns of the forms that we use are understood. */

/** A path from the root, or a name in whatever folder; a `*` stands for anything within a name. */
const pattern = /^(\*\*\/)?([\w.*/-]+)$/

/** @returns whether a path from the repository's root is left out, by itself or with a folder that holds it. */
export function parseDockerignore(text: string): (path: string) => boolean {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line))
  const expressions = lines.map(toExpression)
  return (path) => expressions.some((expression) => expression.test(path))
}

function toExpression(line: string): RegExp {
  const [, anywhere, path] = pattern.exec(line) ?? []
  if (path === undefined || path.includes("**")) throw new Error(`.dockerignore: not understood: ${line}`)
  const escaped = path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")
  return new RegExp(`^${anywhere ? "(?:.*/)?" : ""}${escaped}(?:/|$)`)
}
