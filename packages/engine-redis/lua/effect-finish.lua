-- Keeps the result of something that was done, if it is the first. (SPEC TOO1, TOO3)
--
-- KEYS  1 meta (hash)   2 effects of the run (hash)
-- ARGV  1 nonce of the request   2 the owner's fence, "<number>:<nonce>"   3 field of the effect
--       4 result   5 how long the run's effects are kept, in milliseconds
-- Gives {nonce, KEYS[1], "done", the result that stands}, or {…, "fenced"}
local state = redis.call('HGET', KEYS[1], 's')
if not state or string.match(state, '^%d+:%w+') ~= ARGV[2] then return { ARGV[1], KEYS[1], 'fenced' } end
local known = redis.call('HGET', KEYS[2], ARGV[3])
if known and string.sub(known, 1, 1) == 'd' then return { ARGV[1], KEYS[1], 'done', string.sub(known, 2) } end
redis.call('HSET', KEYS[2], ARGV[3], 'd' .. ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return { ARGV[1], KEYS[1], 'done', ARGV[4] }
