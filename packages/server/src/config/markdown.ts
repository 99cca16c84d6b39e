/** docs/config.md: the table of options for people. A test says whether the file is up to date. */
import { text } from "./kinds.ts"
import { envOf, flagOf } from "./option.ts"
import { type OptionPath, optionAt, optionPaths } from "./options.ts"

const head = `# Configuration

Every option can be set in a YAML file (\`--config FILE\` or the variable \`CONFIG_FILE\`), in the environment, or by a flag of
\`everthread serve\`. A flag wins over the environment, the environment over the file. Paths are relative to the folder in
which the server is started.

\`everthread config print\` shows what is in force and where each value came from; \`everthread config schema\` prints the JSON
Schema of the file. An unknown key is an error that names the nearest known one. Secrets are never printed, and have no flag,
because flags are visible to everyone on the machine: a Redis with a password goes into \`REDIS_URL\`, not into \`--redis\`.

This page is made from the table in \`packages/server/src/config/options.ts\`. After a change there, run
\`npx vitest run test/config-docs -u\`.
`

export function configMarkdown(): string {
  const names = [...new Set(optionPaths.map(sectionOf))]
  const parts = names.map((name) => {
    const paths = optionPaths.filter((path) => sectionOf(path) === name)
    return `## ${name}\n\n${paths.map(entry).join("\n")}\n`
  })
  return [head, ...parts].join("\n")
}

const sectionOf = (path: OptionPath) => path.split(".")[0]

function entry(path: OptionPath): string {
  const option = optionAt(path)
  const flag = flagOf(path, option)
  const ways = [`\`${envOf(path, option)}\``, ...(flag === undefined ? [] : [`\`--${flag}\``])].join(", ")
  const unit = option.unit ? ` ${option.unit.en}` : ""
  const fallback =
    option.fallback === undefined ? "Not set by default." : `Default: \`${JSON.stringify(option.fallback)}\`${unit}.`
  const note = option.withoutEffect ? ` _Note: ${option.withoutEffect.en}._` : ""
  const range = option.kind === text ? "" : ` Must be ${option.kind.expects.en}${unit}.`
  return `- **\`${path}\`** (${ways}): ${option.en}${range} ${fallback}${note}`
}
