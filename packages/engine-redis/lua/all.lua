#!lua flags=no-writes
-- Everything in one or more small hashes or sets of one partition.
--
-- KEYS  1… hashes or sets
-- ARGV  1 nonce of the request   2 the command that reads one: HGETALL, SMEMBERS, or HGET   3 its field
-- Gives {nonce, KEYS[1], reply, reply, …}
local reply = { ARGV[1], KEYS[1] }
for i, key in ipairs(KEYS) do reply[i + 2] = redis.call(ARGV[2], key, unpack(ARGV, 3)) end
return reply
