-- A small write: whether the server takes any. It needs memory, a disk and replicas like any other write.
--
-- KEYS  1 a key of no other use (string)
-- ARGV  1 nonce of the request   2 milliseconds it is kept
-- Gives {nonce, KEYS[1]}
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return { ARGV[1], KEYS[1] }
