#!lua flags=no-writes
-- The heads of some conversations of one partition.
--
-- KEYS  1… metas (hashes)
-- ARGV  1 nonce of the request
-- Gives {nonce, KEYS[1], head or false, …}
local reply = { ARGV[1], KEYS[1] }
for i, key in ipairs(KEYS) do
  local state = redis.call('HGET', key, 's')
  reply[i + 2] = state and string.match(state, '^%S+ (%S+)') or false
end
return reply
