/** Taking checkpoints away, and everything that no other one needs. */
import { lua } from "../script.ts"

export const forget = lua`
local function forget_writes(ns, id)
  each_write(ns, id, function(name) redis.call("HDEL", thread, write_field(ns, id, name)) end)
  redis.call("HDEL", thread, writes_field(ns, id))
end

local function forget_checkpoint(ns, id, held)
  local _, versions = open_checkpoint(get_checkpoint(ns, id))
  each_version(versions, function(name)
    local field = value_field(ns, name)
    if not held[field] then redis.call("HDEL", thread, field) end
  end)
  forget_writes(ns, id)
  redis.call("HDEL", thread, checkpoint_field(ns, id), seeds_field(ns, id))
  redis.call("ZREM", order, ns .. "\0" .. id)
end

-- Both are members of the order, newest first, and together they are all of it.
local function forget(removed, kept)
  local touched, held, heads = {}, {}, {}
  for _, member in ipairs(removed) do touched[place_of(member)] = true end
  for _, member in ipairs(kept) do
    local ns, id = place_of(member)
    if touched[ns] then
      heads[ns] = heads[ns] or id
      local _, versions = open_checkpoint(get_checkpoint(ns, id))
      each_version(versions, function(name) held[value_field(ns, name)] = true end)
    end
  end
  for _, member in ipairs(removed) do
    local ns, id = place_of(member)
    forget_checkpoint(ns, id, held)
  end
  for ns in pairs(touched) do
    if heads[ns] then redis.call("HSET", thread, head_field(ns), heads[ns])
    else redis.call("HDEL", thread, head_field(ns), deltas_field(ns)) end
  end
end
`
