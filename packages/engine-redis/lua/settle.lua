#!lua flags=allow-oom
-- Nobody has to look at this opening of a run any more; a later opening is not touched. (SPEC RUN1)
--
-- KEYS  1 open runs of the partition (hash)
-- ARGV  1 nonce of the request   2 field of the run   3 seq of the opening
-- Gives {nonce, KEYS[1], 1 if it was there, else 0}
local opened = redis.call('HGET', KEYS[1], ARGV[2])
if not opened or string.match(opened, '^%d+') ~= ARGV[3] then return { ARGV[1], KEYS[1], 0 } end
return { ARGV[1], KEYS[1], redis.call('HDEL', KEYS[1], ARGV[2]) }
