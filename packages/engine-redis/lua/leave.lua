#!lua flags=allow-oom
-- A node has left in good order: its heartbeat is gone.
--
-- KEYS  1 heartbeat (number)
-- ARGV  1 nonce of the request
-- Gives {nonce, KEYS[1], 1 if it was there, else 0}
return { ARGV[1], KEYS[1], redis.call('DEL', KEYS[1]) }
