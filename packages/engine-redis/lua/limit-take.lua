-- Counts one more within a sliding window, if it is allowed: when each was done stands in a list, oldest first.
-- By this server's clock, so that all nodes count alike. A clock that was set back makes the list begin anew; one that
-- was set forward ends the window early: either lets one more window's worth through, once.
--
-- KEYS  1 times (list of milliseconds)
-- ARGV  1 nonce of the request   2 how many are allowed   3 the window in milliseconds
--       4 so many more have to be allowed for "plenty"    5 "done": it is counted, allowed or not
-- Gives {nonce, KEYS[1], 0, or how many milliseconds to wait, 1 if plenty is left, else 0}
local max, windowMs = tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local newest = redis.call('LINDEX', KEYS[1], -1)
if newest and tonumber(newest) > now then redis.call('DEL', KEYS[1]) end
if ARGV[5] ~= 'done' then
  -- With this one done, the window would hold everything from here on.
  local oldest = redis.call('LINDEX', KEYS[1], -max)
  if oldest then
    local waitMs = oldest + windowMs - now
    if waitMs > 0 then return { ARGV[1], KEYS[1], waitMs, 0 } end
  end
end
if redis.call('RPUSH', KEYS[1], string.format('%.0f', now)) > max then redis.call('LPOP', KEYS[1]) end
redis.call('PEXPIRE', KEYS[1], windowMs)
-- If the window holds this one, it holds too many for so many more.
local over = redis.call('LINDEX', KEYS[1], ARGV[4] - max - 1)
return { ARGV[1], KEYS[1], 0, over and over + windowMs > now and 0 or 1 }
