/** Making a thread what it was when a checkpoint had just been put. */
import { lua } from "../script.ts"

export const truncate = lua`
local function forget_later_writes(ns, id, last)
  local earlier = {}
  each_write(ns, id, function(name, channel, ordinal)
    if tonumber(ordinal) < last then earlier[#earlier + 1] = write_entry(name, channel, ordinal)
    else redis.call("HDEL", thread, write_field(ns, id, name)) end
  end)
  if #earlier > 0 then redis.call("HSET", thread, writes_field(ns, id), table.concat(earlier))
  else redis.call("HDEL", thread, writes_field(ns, id)) end
end

-- By the checkpoint's ordinal: what was put after it goes, in all namespaces, and so do the writes that were made
-- after it. How many checkpoints went.
local function truncate(last)
  local removed = redis.call("ZREVRANGEBYSCORE", order, "+inf", "(" .. last)
  local kept = redis.call("ZREVRANGEBYSCORE", order, last, "-inf")
  forget(removed, kept)
  for _, member in ipairs(kept) do
    local ns, id = place_of(member)
    forget_later_writes(ns, id, last)
  end
  return #removed
end
`
