#!lua flags=allow-oom
-- Gives an engine up, or forgets it, if its count is still what was seen.
--
-- KEYS  1 engines (hash)
-- ARGV  1 nonce of the request   2 engine   3 the count that was seen   4 "gone", or "" to forget it
-- Gives {nonce, KEYS[1], 1 if it was done, else 0}
if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[3] then return { ARGV[1], KEYS[1], 0 } end
if ARGV[4] == '' then redis.call('HDEL', KEYS[1], ARGV[2]) else redis.call('HSET', KEYS[1], ARGV[2], ARGV[4]) end
return { ARGV[1], KEYS[1], 1 }
