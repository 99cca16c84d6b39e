-- Notes that an owner is about to do something that shall happen once. (SPEC TOO2)
--
-- KEYS  1 meta (hash)   2 effects of the run (hash)
-- ARGV  1 nonce of the request   2 the owner's fence, "<number>:<nonce>"   3 field of the effect
--       4 nonce of the beginning   5 how long the run's effects are kept, in milliseconds
-- Gives {nonce, KEYS[1], "fresh"}, {…, "again"} if it was begun before, {…, "done", result}, {…, "fenced"}
local state = redis.call('HGET', KEYS[1], 's')
if not state or string.match(state, '^%d+:%w+') ~= ARGV[2] then return { ARGV[1], KEYS[1], 'fenced' } end
local known = redis.call('HGET', KEYS[2], ARGV[3])
if known and string.sub(known, 1, 1) == 'd' then return { ARGV[1], KEYS[1], 'done', string.sub(known, 2) } end
-- A repeat whose first answer was lost has begun nothing in between.
if known and known ~= 'b' .. ARGV[4] then return { ARGV[1], KEYS[1], 'again' } end
redis.call('HSET', KEYS[2], ARGV[3], 'b' .. ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return { ARGV[1], KEYS[1], 'fresh' }
