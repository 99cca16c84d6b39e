-- The append with every check and side fact: what people send, and what opens or ends a run. (SPEC LOG3, ACK3)
--
-- KEYS  1 log (stream)   2 meta (hash)   then, where they are needed, in this order:
--       idempotency keys (hash) · open runs of the partition (hash) · owners of the partition (hash), to release · one set of conversations for each member change
-- ARGV  1 nonce of the append
--       2 channel of the partition
--       3 the published text's first lines: conversation, then flags
--       4 member that must be one, or ""
--       5 idempotency: field, or ""   6 name of this period   7 of the oldest that holds   8 digest   9 ref, or ""
--      10 seconds that the keys live
--      11 owner it needs, or ""                     12 owner it becomes; the same text, without a count, for any count
--      13 what else changes, as JSON, or "": {"expect":[name,is,becomes],"members":[[user,role]],"runs":[[field,"open"|"done",opened]],
--         "conversation":id,"after":[cursor,its seq,entries that may have come since],"release":conversation}; null stands for none
--      14… bodies
-- Gives one text, ending with " <ARGV[1]> <KEYS[2]>" so that the caller sees whose answer it is:
--       "a <prev>" appended, right behind it   "d <cursor> <ref>" a repeat   "r" the key was used for something else
--       "f" fenced   "m" no member   "n" no such conversation   "h <head>" moved on   "u<value>" / "u" with nothing: not the expected value
-- The order of the checks: a repeat is answered before anything else is asked, because what was acknowledged stays so.
-- A key's record is "<period> <cursor> <digest> <ref>"; with up to 64 bytes Redis keeps it in a third of the memory. Beside the
-- records stands "x", the period in which the keys were last told how long to live.
local nonce = ARGV[1]
local mine = ' ' .. nonce .. ' ' .. KEYS[2]

local more = ARGV[13] ~= '' and cjson.decode(ARGV[13]) or {}
local wanted = { 's' }
if ARGV[4] ~= '' then wanted[#wanted + 1] = 'u:' .. ARGV[4] end
if more.expect then wanted[#wanted + 1] = 'v:' .. more.expect[1] end
local known = redis.call('HMGET', KEYS[2], unpack(wanted))
local state = known[1]
if not state then return 'n' .. mine end
local at = 2

local keys, x
if ARGV[5] ~= '' then
  keys = KEYS[3]
  local found = redis.call('HMGET', keys, 'x', ARGV[5])
  x = found[1]
  if found[2] then
    local period, cursor, digest, ref = string.match(found[2], '^(%S+) (%S+) (%S+) (.*)$')
    -- An older one is no longer asked for: the key is as good as new.
    if tonumber(period, 36) >= tonumber(ARGV[7], 36) then
      if digest ~= ARGV[8] then return 'r' .. mine end
      return 'd ' .. cursor .. ' ' .. ref .. mine
    end
  end
end

if ARGV[4] ~= '' then
  if not known[at] then return 'm' .. mine end
  at = at + 1
end

local owner, prev, seq, last = string.match(state, '^(%S+) ((%d+)%S+) ?(%S*)')
if last == '' then last = prev end
local becomes = ARGV[12]
if ARGV[11] ~= '' and ARGV[11] == becomes then
  -- Whichever append it is of this fence: the count moves on all the same.
  if string.sub(owner, 1, #becomes) ~= becomes then return 'f' .. mine end
  becomes = becomes .. (string.sub(owner, #becomes + 1) + 1)
elseif ARGV[11] ~= '' and owner ~= ARGV[11] then
  if owner == becomes then return 'd ' .. last .. mine end
  -- What gave the conversation up has left its number and its count.
  if more.release and owner == string.gsub(becomes, ':%w+:', '::') then return 'd ' .. last .. mine end
  return 'f' .. mine
end

if more.after then
  local grown = seq - more.after[2]
  local holds = grown > 0 and grown <= more.after[3]
  if grown == 0 then holds = prev == more.after[1] end
  if not holds then return 'h ' .. prev .. mine end
end

if more.expect then
  local is = more.expect[2]
  local actual = known[at]
  if (is == cjson.null and actual) or (is ~= cjson.null and actual ~= is) then
    return 'u' .. (actual or '') .. mine
  end
end

local id
for i = 14, #ARGV do
  id = string.format('%d-%s', seq + i - 13, nonce)
  redis.call('XADD', KEYS[1], id, 'b', ARGV[i])
end
if more.release then
  redis.call('HSET', KEYS[2], 's', string.gsub(becomes, ':%w+:', '::') .. ' ' .. id)
elseif ARGV[11] ~= '' then
  redis.call('HSET', KEYS[2], 's', becomes .. ' ' .. id)
else
  redis.call('HSET', KEYS[2], 's', owner .. ' ' .. id .. ' ' .. last)
end

local nextKey = 3
if keys then
  if x ~= ARGV[6] then
    redis.call('HSET', keys, 'x', ARGV[6])
    redis.call('EXPIRE', keys, ARGV[10])
  end
  redis.call('HSET', keys, ARGV[5], ARGV[6] .. ' ' .. id .. ' ' .. ARGV[8] .. ' ' .. ARGV[9])
  nextKey = 4
end
if more.expect then
  local name, value = 'v:' .. more.expect[1], more.expect[3]
  if value == cjson.null then redis.call('HDEL', KEYS[2], name) else redis.call('HSET', KEYS[2], name, value) end
end
if more.runs then
  local lastSeq = string.match(id, '^%d+')
  for _, run in ipairs(more.runs) do
    if run[2] == 'done' then redis.call('HDEL', KEYS[nextKey], run[1])
    else redis.call('HSET', KEYS[nextKey], run[1], lastSeq .. ' ' .. run[3]) end
  end
  nextKey = nextKey + 1
end
if more.release then
  redis.call('HDEL', KEYS[nextKey], more.release)
  nextKey = nextKey + 1
end
for i, member in ipairs(more.members or {}) do
  if member[2] == cjson.null then
    redis.call('HDEL', KEYS[2], 'u:' .. member[1])
    redis.call('SREM', KEYS[nextKey], more.conversation)
  else
    redis.call('HSET', KEYS[2], 'u:' .. member[1], member[2])
    redis.call('SADD', KEYS[nextKey], more.conversation)
  end
  nextKey = nextKey + 1
end
local text
if #ARGV == 14 then
  text = ARGV[3] .. prev .. '\n' .. nonce .. '\n' .. ARGV[14]
else
  ARGV[13] = ARGV[3] .. prev .. '\n' .. nonce
  text = table.concat(ARGV, '\n', 13)
end
redis.call('SPUBLISH', ARGV[2], text)
return 'a ' .. prev .. mine
