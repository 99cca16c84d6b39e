#!lua flags=no-writes
-- The heartbeats of some nodes.
--
-- KEYS  1… heartbeats (numbers), all of one slot
-- ARGV  1 nonce of the request
-- Gives {nonce, KEYS[1], count or false, …}
local counts = redis.call('MGET', unpack(KEYS))
return { ARGV[1], KEYS[1], unpack(counts, 1, #KEYS) }
