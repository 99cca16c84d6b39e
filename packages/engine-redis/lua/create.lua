-- A conversation begins: its log, first entries, members and values in one step. (SPEC LOG3)
--
-- KEYS  1 log (stream)   2 meta (hash)   3 idempotency keys (hash)   4 conversations of the partition (sorted set)
--       then one set of conversations for each member
-- ARGV  1 nonce   2 channel   3 the published text's first lines   4 conversation
--       5 idempotency: field, or ""   6 name of this period   7 of the oldest that holds   8 digest   9 ref, or ""
--      10 seconds that the keys live
--      11 members as JSON: [[user,role]]   12 values as JSON: [[name,value]]
--      13… bodies
-- Gives one text, ending with " <ARGV[1]> <KEYS[2]>": "a <cursor>" created   "d <cursor> <ref>" a repeat   "e" it exists
local function answer(text) return text .. ' ' .. ARGV[1] .. ' ' .. KEYS[2] end

if redis.call('EXISTS', KEYS[2]) == 1 then
  if ARGV[5] == '' then return answer('e') end
  local first = redis.call('HGET', KEYS[3], ARGV[5])
  if not first then return answer('e') end
  local period, cursor, digest, ref = string.match(first, '^(%S+) (%S+) (%S+) (.*)$')
  if digest ~= ARGV[8] or tonumber(period, 36) < tonumber(ARGV[7], 36) then return answer('e') end
  return answer('d ' .. cursor .. ' ' .. ref)
end

local nonce = ARGV[1]
local id
for i = 13, #ARGV do
  id = (i - 12) .. '-' .. nonce
  redis.call('XADD', KEYS[1], id, 'b', ARGV[i])
end
redis.call('ZADD', KEYS[4], 0, ARGV[4])
-- Nobody owns it yet: fence number 0, no nonce, nothing counted.
redis.call('HSET', KEYS[2], 's', '0::0 ' .. id)
for i, member in ipairs(cjson.decode(ARGV[11])) do
  if member[2] ~= cjson.null then
    redis.call('HSET', KEYS[2], 'u:' .. member[1], member[2])
    redis.call('SADD', KEYS[4 + i], ARGV[4])
  end
end
for _, value in ipairs(cjson.decode(ARGV[12])) do
  redis.call('HSET', KEYS[2], 'v:' .. value[1], value[2])
end
if ARGV[5] ~= '' then
  -- As append.lua keeps them.
  redis.call('HSET', KEYS[3], 'x', ARGV[6], ARGV[5], ARGV[6] .. ' ' .. id .. ' ' .. ARGV[8] .. ' ' .. ARGV[9])
  redis.call('EXPIRE', KEYS[3], ARGV[10])
end
redis.call('SPUBLISH', ARGV[2], ARGV[3] .. '0-0\n' .. nonce .. '\n' .. table.concat(ARGV, '\n', 13))
return answer('a ' .. id)
