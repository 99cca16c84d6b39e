/** What an agent's error tells everybody in the conversation holds no passwords and no keys. */
import { describeError } from "../src/langgraph/describe-error.ts"
import { withoutSecrets } from "../src/without-secrets.ts"

const secret = "hunter2"

test.each([
  ["a URL's credentials", `connect to postgres://app:${secret}@db:5432/shop failed`, "postgres://…@db:5432/shop"],
  [
    "a password with a slash and an at sign",
    `redis://:a/b@${secret}@cache:6379 is down`,
    "redis://…@cache:6379 is down",
  ],
  ["every URL of a list", `no primary: mongodb://u:${secret}@a,mongodb://u:${secret}@b`, "no primary: mongodb://…@b"],
  ["a key of the usual form", `Incorrect API key provided: sk-${secret}*abc.`, "provided: …."],
  ["a bearer token", `header Authorization: Bearer ${secret}.abc refused`, "Authorization: Bearer … refused"],
  ["a JSON Web Token", `token eyJhbGciOi.eyJzdWIi.${secret} expired`, "token … expired"],
  ["long hexadecimal digits", `key ${secret}0123456789abcdef0123456789abcdef refused`, "key … refused"],
  ["long base64", `got AbCd+/0123456789${secret}AbCdEfGh01234567== here`, "got … here"],
  ["a connection string", `Server=db;User=app;Password=${secret};Timeout=3`, "Server=db;User=app;Password=…;Timeout=3"],
  ["a query", `GET https://api.example.org/v1?api_key=${secret}&q=2 failed`, "/v1?api_key=…&q=2 failed"],
  ["a field of JSON", `refused {"apiKey": "${secret}", "model": "m"}`, `{"apiKey": "…", "model": "m"}`],
])("%s", (_, text, shown) => {
  expect(withoutSecrets(text)).toContain(shown)
  expect(withoutSecrets(text)).not.toContain(secret)
  const told = describeError(new Error(text))
  expect(told).toContain(shown)
  expect(told).not.toContain(secret)
})

test.each([
  "no such column: price",
  "Cannot read properties of undefined (reading 'content')",
  "connect ECONNREFUSED 127.0.0.1:5432",
  "GET https://api.example.org/v1/users/42?limit=10 answered 500",
  "the risk-free rate is missing",
  "OPENAI_API_KEY_OF_THE_PRODUCTION_ENVIRONMENT is not set",
  `first line ${"x".repeat(1_000)}`,
])("%s stays as it is", (text) => {
  expect(withoutSecrets(text)).toBe(text)
})

test("a secret is not cut in half and then shown, however long the message is", () => {
  const text = `${"word ".repeat(97)}postgres://app:${secret}@db`
  expect(describeError(new Error(text))).not.toContain(secret)
  expect(describeError(new Error(`postgres://app:${secret}${"x".repeat(1_000_000)}`))).not.toContain(secret)
})
