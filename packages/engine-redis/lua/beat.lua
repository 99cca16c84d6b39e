#!lua flags=allow-oom
-- Counts a node's heartbeat up. The time to live only takes away what nodes that died leave behind; no decision hangs on it.
--
-- KEYS  1 heartbeat (number)
-- ARGV  1 nonce of the request   2 seconds it is kept
-- Gives {nonce, KEYS[1], the new count}
local count = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return { ARGV[1], KEYS[1], count }
