-- The stored snapshot and the head, from one moment.
--
-- KEYS  1 meta (hash)   2 snapshot (string)
-- ARGV  1 nonce of the request
-- Gives {nonce, KEYS[1], head or "", "<cursor> <state>" or ""}
local state = redis.call('HGET', KEYS[1], 's')
local head = state and string.match(state, '^%S+ (%d+%-%d+)') or ''
return { ARGV[1], KEYS[1], head, redis.call('GET', KEYS[2]) or '' }
