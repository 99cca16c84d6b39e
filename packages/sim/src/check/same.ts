/**
 * Whether two pieces of JSON say the same: what a device was given and what is stored are compared event by event, and
 * Node's own comparison, which knows everything that JavaScript has, costs several times as much.
 */

export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other)) return isSameList(one, other)
  return isSameFields(one as Fields, other as Fields)
}

type Fields = { readonly [key: string]: unknown }

function isSameList(one: object, other: object): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
  return one.every((value, index) => isSame(value, other[index]))
}

function isSameFields(one: Fields, other: Fields): boolean {
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  for (const key of keys) if (!Object.hasOwn(other, key) || !isSame(one[key], other[key])) return false
  return true
}
