#!lua flags=no-writes
-- Fields of one hash: a member's role, a named value, the head, an idempotency key.
--
-- KEYS  1 hash
-- ARGV  1 nonce of the request   2… fields
-- Gives {nonce, KEYS[1], value or false, …}
local values = redis.call('HMGET', KEYS[1], unpack(ARGV, 2))
return { ARGV[1], KEYS[1], unpack(values, 1, #ARGV - 1) }
