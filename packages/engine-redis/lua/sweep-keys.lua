#!lua flags=allow-oom
-- Removes idempotency keys of periods that nobody asks for any more, some at a time, and once for each period: "w" is the
-- oldest period that held when everything was last gone through.
--
-- KEYS  1 idempotency keys (hash)
-- ARGV  1 nonce of the request   2 where to go on, "0" at first   3 name of the oldest period that holds
-- Gives {nonce, KEYS[1], where to go on, "0" at the end}
local oldest = tonumber(ARGV[3], 36)
local known = redis.call('HMGET', KEYS[1], 'x', 'w')
if not known[1] or (known[2] and tonumber(known[2], 36) >= oldest) then return { ARGV[1], KEYS[1], '0' } end
local scanned = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', 256)
for i = 1, #scanned[2], 2 do
  local field, period = scanned[2][i], string.match(scanned[2][i + 1], '^%w+')
  if #field > 1 and tonumber(period, 36) < oldest then redis.call('HDEL', KEYS[1], field) end
end
if scanned[1] == '0' then redis.call('HSET', KEYS[1], 'w', ARGV[3]) end
return { ARGV[1], KEYS[1], scanned[1] }
