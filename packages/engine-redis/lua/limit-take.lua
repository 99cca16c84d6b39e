-- Counts one more for each of some users within a sliding window, if it is allowed: when each was done stands in a list,
-- oldest first. By this server's clock, so that all nodes count alike. A clock that was set back makes a list begin anew; one
-- that was set forward ends the window early: either lets one more window's worth through, once.
--
-- KEYS  each user's times (list of milliseconds)
-- ARGV  1 nonce of the request   2 how many are allowed   3 the window in milliseconds
--       4 so many more have to be allowed for "plenty"    5 "done": it is counted, allowed or not
-- Gives {nonce, KEYS[1], then for each user: 0, or how many milliseconds to wait, and 1 if plenty is left, else 0}
local max, windowMs = tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%.0f', now)

local function waitMsOf(key)
  if ARGV[5] == 'done' then return 0 end
  -- With this one done, the window would hold everything from here on.
  local oldest = redis.call('LINDEX', key, -max)
  return oldest and math.max(0, oldest + windowMs - now) or 0
end

local answer = { ARGV[1], KEYS[1] }
for _, key in ipairs(KEYS) do
  local newest = redis.call('LINDEX', key, -1)
  if newest and tonumber(newest) > now then redis.call('DEL', key) end
  local waitMs, plenty = waitMsOf(key), 0
  if waitMs == 0 then
    if redis.call('RPUSH', key, stamp) > max then redis.call('LPOP', key) end
    redis.call('PEXPIRE', key, windowMs)
    -- If the window holds this one, it holds too many for so many more.
    local over = redis.call('LINDEX', key, ARGV[4] - max - 1)
    plenty = over and over + windowMs > now and 0 or 1
  end
  answer[#answer + 1] = waitMs
  answer[#answer + 1] = plenty
end
return answer
