#!lua flags=allow-oom
-- Gives a conversation up, if the fence is still the current one. (SPEC RUN3)
--
-- KEYS  1 meta (hash)   2 owners of the partition (hash)
-- ARGV  1 nonce of the request   2 the fence, "<number>:<nonce>"   3 conversation
-- Gives {nonce, KEYS[1], 1 if it was given up, else 0}
local state = redis.call('HGET', KEYS[1], 's')
local number, nonce, rest = string.match(state or '', '^(%d+):(%w+):%d+ (.+)$')
if not number or number .. ':' .. nonce ~= ARGV[2] then return { ARGV[1], KEYS[1], 0 } end
redis.call('HSET', KEYS[1], 's', number .. '::0 ' .. rest)
redis.call('HDEL', KEYS[2], ARGV[3])
return { ARGV[1], KEYS[1], 1 }
