#!lua flags=allow-oom
-- A newer snapshot, what has left it into the archive, and the log trimmed behind it, in one step. (SPEC SNP2, LOG8)
-- It may run where memory is short: it is what makes room.
--
-- KEYS  1 log (stream)   2 meta (hash)   3 snapshot (string)   4 archive (sorted set by seq)
-- ARGV  1 nonce of the request   2 seq of the snapshot   3 its nonce   4 its state
--       5 trim through this seq  6… seq, body of archived messages; "" removes
-- Gives {nonce, KEYS[2], 1 if it was taken, else 0}
local function answer(taken) return { ARGV[1], KEYS[2], taken } end
local found = redis.call('HMGET', KEYS[2], 's', 't')
if not found[1] then return answer(0) end
local seq, cursor = tonumber(ARGV[2]), ARGV[2] .. '-' .. ARGV[3]
if cursor ~= found[2] and #redis.call('XRANGE', KEYS[1], cursor, cursor) == 0 then return answer(0) end
local stored = string.match(redis.call('GETRANGE', KEYS[3], 0, 20), '^%d+')
if stored and tonumber(stored) > seq then return answer(0) end

redis.call('SET', KEYS[3], cursor .. ' ' .. ARGV[4])
for i = 6, #ARGV, 2 do
  redis.call('ZREMRANGEBYSCORE', KEYS[4], ARGV[i], ARGV[i])
  if ARGV[i + 1] ~= '' then redis.call('ZADD', KEYS[4], ARGV[i], ARGV[i + 1]) end
end
local through = math.min(tonumber(ARGV[5]), seq)
local last = redis.call('XRANGE', KEYS[1], through, through)[1]
if last then
  redis.call('XTRIM', KEYS[1], 'MINID', through + 1)
  redis.call('HSET', KEYS[2], 't', last[1])
end
return answer(1)
