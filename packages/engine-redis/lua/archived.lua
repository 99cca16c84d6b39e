#!lua flags=no-writes
-- The newest archived messages below a seq, newest first. (SPEC LOG8)
--
-- KEYS  1 archive (sorted set by seq)
-- ARGV  1 nonce of the request   2 below this seq   3 how many
-- Gives {nonce, KEYS[1], body, seq, body, seq, …}
local found = redis.call('ZREVRANGEBYSCORE', KEYS[1], '(' .. ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
return { ARGV[1], KEYS[1], unpack(found) }
