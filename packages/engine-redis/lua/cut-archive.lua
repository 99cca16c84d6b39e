#!lua flags=allow-oom
-- Removes the oldest archived messages up to a seq, some at a time. It makes room, so it may run where memory is short.
--
-- KEYS  1 archive (sorted set by seq)
-- ARGV  1 nonce of the request   2 up to and including this seq   3 how many at most
-- Gives {nonce, KEYS[1], how many it has removed}
local count = math.min(redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[2]), tonumber(ARGV[3]))
if count > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], 0, count - 1) end
return { ARGV[1], KEYS[1], count }
