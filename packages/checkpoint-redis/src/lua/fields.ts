/**
 * How a thread lies in its two keys. Every script begins with this.
 *
 * KEYS[1]  `thread`, a hash with everything the thread holds, by these fields:
 *   c<ns>\0<id>                    a checkpoint: frame of parent, versions, "1" if its format knows no channel
 *                                  for sends, and then what only the client reads
 *   v<ns>\0<channel>\0<version>    the value of a channel, stored once for each version
 *   l<ns>\0<id>                    which writes a checkpoint has: task, index, channel, and the ordinal of the
 *                                  thread's newest checkpoint when the write was made, each closed by \0
 *   w<ns>\0<id>\0<task>\0<index>   one write: frame of channel, type, bytes
 *   h<ns>                          the id of the namespace's newest checkpoint
 *   d<ns>                          the namespace's delta channels, each closed by \0
 *   s<ns>\0<id>                    for each delta channel: the ordinal of the checkpoint that its history begins at
 *   p<max>                         how many checkpoints there may be before the next put looks what can go
 * KEYS[2]  `order`, a sorted set: <ns>\0<id> by ordinal. Ordinals count the thread's checkpoints as they were put,
 *          because ids begin with the clock of whoever made them, and clocks differ.
 *
 * A frame is texts one after the other, each with its length before it, as four bytes, big end first.
 * Names never contain \0; the client sees to that.
 */
import { lua } from "../script.ts"

export const fields = lua`
local thread, order = KEYS[1], KEYS[2]

local function checkpoint_field(ns, id) return "c" .. ns .. "\0" .. id end
local function value_field(ns, name) return "v" .. ns .. "\0" .. name end
local function writes_field(ns, id) return "l" .. ns .. "\0" .. id end
local function write_field(ns, id, name) return "w" .. ns .. "\0" .. id .. "\0" .. name end
local function head_field(ns) return "h" .. ns end
local function deltas_field(ns) return "d" .. ns end
local function seeds_field(ns, id) return "s" .. ns .. "\0" .. id end

local function get(field) return redis.call("HGET", thread, field) end
local function get_checkpoint(ns, id) return get(checkpoint_field(ns, id)) end

local function ordinal_of(ns, id)
  return tonumber(redis.call("ZSCORE", order, ns .. "\0" .. id) or nil)
end

local function newest_ordinal()
  return tonumber(redis.call("ZREVRANGE", order, 0, 0, "WITHSCORES")[2] or 0)
end

-- Of a member of the order: its namespace and its id.
local function place_of(member) return string.match(member, "^([^%z]*)%z(.*)$") end

-- Of a checkpoint: its parent's id, its versions (channel, version, each closed by \0), whether sends are elsewhere.
local function open_checkpoint(record)
  local parent, versions, old = struct.unpack(">I4c0I4c0I4c0", record)
  return parent, versions, old == "1"
end

local function write_entry(name, channel, ordinal) return name .. "\0" .. channel .. "\0" .. ordinal .. "\0" end

-- Calls visit(name, channel, ordinal) for each write of a checkpoint; the name is task \0 index.
local function each_write(ns, id, visit)
  local list = get(writes_field(ns, id)) or ""
  for task, index, channel, ordinal in string.gmatch(list, "([^%z]*)%z([^%z]*)%z([^%z]*)%z([^%z]*)%z") do
    visit(task .. "\0" .. index, channel, ordinal)
  end
end

-- Calls visit(name, channel) for each channel that has a version; the name is what its value is stored under.
local function each_version(versions, visit)
  for channel, version in string.gmatch(versions, "([^%z]*)%z([^%z]*)%z") do
    visit(channel .. "\0" .. version, channel)
  end
end
`
