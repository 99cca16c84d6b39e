-- Counts one more within a sliding window, if it is allowed: when each was done stands in a list, oldest first.
-- By this server's clock, so that all nodes count alike. A clock that was set back makes the list begin anew; one that
-- was set forward ends the window early: either lets one more window's worth through, once.
--
-- KEYS  1 times (list of milliseconds)
-- ARGV  1 nonce of the request   2 how many are allowed   3 the window in milliseconds
-- Gives {nonce, KEYS[1], 0, or how many milliseconds to wait}
local max, windowMs = tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local newest = redis.call('LINDEX', KEYS[1], -1)
if newest and tonumber(newest) > now then redis.call('DEL', KEYS[1]) end
-- With this one done, the window would hold everything from here on.
local oldest = redis.call('LINDEX', KEYS[1], -max)
if oldest then
  local waitMs = oldest + windowMs - now
  if waitMs > 0 then return { ARGV[1], KEYS[1], waitMs } end
end
if redis.call('RPUSH', KEYS[1], string.format('%.0f', now)) > max then redis.call('LPOP', KEYS[1]) end
redis.call('PEXPIRE', KEYS[1], windowMs)
return { ARGV[1], KEYS[1], 0 }
