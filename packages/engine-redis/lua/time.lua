#!lua flags=no-writes
-- The server's clock.
--
-- KEYS  1 any key of the partition: says which server is asked
-- ARGV  1 nonce of the request
-- Gives {nonce, KEYS[1], seconds since 1970, microseconds}
return { ARGV[1], KEYS[1], unpack(redis.call('TIME')) }
