#!lua flags=allow-oom
-- Makes a node the conversation's owner under the next fence. (SPEC RUN2)
--
-- KEYS  1 meta (hash)   2 open runs of the partition (hash)   3 owners of the partition (hash)
-- ARGV  1 nonce of the request   2 field of the run   3 conversation
--       4 the fence that the challenger saw, "<number>:<nonce>", or "" for nobody   5 nonce of the claim   6 owner as JSON
-- Gives {nonce, KEYS[1], number of the new fence, or 0 if somebody else was first or the run is not open}
local function answer(number) return { ARGV[1], KEYS[1], number } end
local state = redis.call('HGET', KEYS[1], 's')
if not state or redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then return answer(0) end
local number, nonce, head = string.match(state, '^(%d+):(%w*):%d+ (%S+)')
local stands = nonce == '' and '' or number .. ':' .. nonce
if stands ~= ARGV[4] then return answer(0) end
number = number + 1
redis.call('HSET', KEYS[1], 's', number .. ':' .. ARGV[5] .. ':0 ' .. head)
redis.call('HSET', KEYS[3], ARGV[3], number .. ':' .. ARGV[5] .. ' ' .. ARGV[6])
return answer(number)
