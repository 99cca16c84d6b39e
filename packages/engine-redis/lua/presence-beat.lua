#!lua flags=allow-oom
-- Counts an engine's heartbeat up, and shows everybody's.
--
-- KEYS  1 engines (hash: engine to its count, or "gone" where the others have given it up)
-- ARGV  1 nonce of the request   2 engine   3 "join" if it has never been here, else ""
-- Gives {nonce, KEYS[1], its new count, or 0 if it was given up or the store has forgotten it, {engine, count, …}}
local count = redis.call('HGET', KEYS[1], ARGV[2])
local own = 0
if count and count ~= 'gone' or not count and ARGV[3] == 'join' then own = redis.call('HINCRBY', KEYS[1], ARGV[2], 1) end
return { ARGV[1], KEYS[1], own, redis.call('HGETALL', KEYS[1]) }
