#!lua flags=allow-oom
-- Removes idempotency keys of periods that nobody asks for any more, some at a time.
--
-- KEYS  1 idempotency keys (hash)
-- ARGV  1 nonce of the request   2 where to go on, "0" at first   3 name of the oldest period that holds
-- Gives {nonce, KEYS[1], where to go on, "0" at the end}
local oldest = tonumber(ARGV[3], 36)
local scanned = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', 256)
for i = 1, #scanned[2], 2 do
  local field, period = scanned[2][i], string.match(scanned[2][i + 1], '^%w+')
  if field ~= 'x' and tonumber(period, 36) < oldest then redis.call('HDEL', KEYS[1], field) end
end
return { ARGV[1], KEYS[1], scanned[1] }
