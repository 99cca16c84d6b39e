#!lua flags=allow-oom
-- The run is done: what its tools have done is of no use any more. (SPEC TOO1)
--
-- KEYS  1 effects of the run (hash)
-- ARGV  1 nonce of the request
-- Gives {nonce, KEYS[1], 1 if there was something}
return { ARGV[1], KEYS[1], redis.call('DEL', KEYS[1]) }
