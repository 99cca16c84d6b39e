#!lua flags=allow-oom
-- A worker is no more: forgets what it said, keeps its agents known from now on, and forgets those that nobody serves any more.
--
-- KEYS  1 what workers say (hash)   2 agents that are known (hash)
-- ARGV  1 nonce of the request   2 owner   3 now, in milliseconds   4 agents known until then are forgotten   5… its agents
-- Gives {nonce, KEYS[1], 1 if it was there, else 0}
local known = redis.call('HGETALL', KEYS[2])
for i = 1, #known, 2 do
  if tonumber(known[i + 1]) < tonumber(ARGV[4]) then redis.call('HDEL', KEYS[2], known[i]) end
end
for i = 5, #ARGV do redis.call('HSET', KEYS[2], ARGV[i], ARGV[3]) end
return { ARGV[1], KEYS[1], redis.call('HDEL', KEYS[1], ARGV[2]) }
