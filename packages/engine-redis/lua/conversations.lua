#!lua flags=no-writes
-- Conversations of one partition by their names' bytes, so that going on from one misses none.
--
-- KEYS  1 conversations of the partition (sorted set)
-- ARGV  1 nonce of the request   2 behind this one, or "" for the first   3 how many
-- Gives {nonce, KEYS[1], conversation, …}
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2]
return { ARGV[1], KEYS[1], unpack(redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[3])) }
