#!lua flags=no-writes
-- How many messages are archived, and the oldest above a seq, oldest first. (SPEC LOG8)
--
-- KEYS  1 archive (sorted set by seq)
-- ARGV  1 nonce of the request   2 above this seq   3 how many
-- Gives {nonce, KEYS[1], how many there are, body, seq, body, seq, …}
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
return { ARGV[1], KEYS[1], redis.call('ZCARD', KEYS[1]), unpack(found) }
