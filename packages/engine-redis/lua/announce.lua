#!lua flags=allow-oom
-- Keeps what a worker says of itself, and that its agents are known.
--
-- KEYS  1 what workers say (hash)   2 agents that are known (hash)
-- ARGV  1 nonce of the request   2 owner   3 what it says, as JSON   4 now, in milliseconds   5… its agents
-- Gives {nonce, KEYS[1], 1}
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
for i = 5, #ARGV do redis.call('HSET', KEYS[2], ARGV[i], ARGV[4]) end
return { ARGV[1], KEYS[1], 1 }
